import JSON

extension PostReader {
    /// The pictures: a path, an object with `path`, `alt` and `regions`, or a list of either. What is neither keeps its place
    /// in the list, so that places in answers are those of the feed.
    func pictures(_ warnings: inout [Warning]) -> [PostPicture] {
        guard let range = parts.image, let kind = kind(range), kind != .null else { return [] }
        guard kind == .array else { return picture(range, "the picture", &warnings).map { [$0] } ?? [] }
        var pictures: [PostPicture] = []
        var count = 0
        for element in elements(of: range) {
            count += 1
            guard count <= Post.mostPictures else { continue }
            pictures.append(picture(element, "picture \(count - 1)", &warnings) ?? PostPicture(location: nil))
        }
        if count > Post.mostPictures {
            warnings.append(
                wrong("image.too_many", "\(count) pictures, of which the first \(Post.mostPictures) are looked at"))
        }
        return pictures
    }

    private func picture(_ range: Range<Int>, _ name: String, _ warnings: inout [Warning]) -> PostPicture? {
        switch kind(range) {
        case .string: return PostPicture(location: decoded(range.lowerBound))
        case .object: return described(range, name, &warnings)
        case .null: return nil
        case let kind:
            let found = kind?.phrase ?? "nothing"
            warnings.append(
                wrong("image.type", "\(name) must be a path, or an object with path and alt, it is \(found)"))
            return nil
        }
    }

    /// A picture with alternative text or regions of its own.
    private func described(_ range: Range<Int>, _ name: String, _ warnings: inout [Warning]) -> PostPicture? {
        var members: [String: Range<Int>] = [:]
        var scanner = JSONScanner(text, at: range.lowerBound)
        // The line was checked when it was taken apart.
        _ = try? scanner.beginObject()
        while let member = try? scanner.nextMember(), let value = try? scanner.skipValue() {
            members[member.key] = value
        }
        var picture = PostPicture(
            location: string(members["path"], "image.type", "path of \(name)", &warnings),
            alt: string(members["alt"], "alt.type", "alt of \(name)", &warnings))
        if members["path"] == nil, members["alt"] == nil {
            warnings.append(wrong("image.type", "\(name) is an object with neither path nor alt"))
        }
        picture.regions = ownRegions(
            members["regions"], of: name, isLocated: picture.location != nil, &warnings)
        return picture.location == nil && picture.alt == nil ? nil : picture
    }

    private func elements(of range: Range<Int>) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        var scanner = JSONScanner(text, at: range.lowerBound)
        _ = try? scanner.beginArray()
        while (try? scanner.nextElement()) == true, let element = try? scanner.skipValue() { elements.append(element) }
        return elements
    }
}
