import Geometry
import JSON

extension PostReader {
    /// Gives the post's list of regions to its first picture that has a location, unless that has usable ones of its own.
    func giveRegions(to pictures: inout [PostPicture], _ warnings: inout [Warning]) {
        guard let range = listed(parts.regions, of: nil, &warnings) else { return }
        guard let first = pictures.firstIndex(where: { $0.location != nil }) else {
            warnings.append(wrong(.noPicture, "there are regions, but no picture that they could be in"))
            return
        }
        guard pictures[first].regions.isEmpty else {
            warnings.append(wrong(.twice, "picture \(first) has regions of its own, those of the post are left out"))
            return
        }
        pictures[first].regions = regions(range, of: nil, &warnings)
    }

    /// The regions of a picture that has a list of its own; `picture` is how messages name it.
    func ownRegions(_ range: Range<Int>?, of picture: String, isLocated: Bool, _ warnings: inout [Warning])
        -> [PostRegion]
    {
        guard let range = listed(range, of: picture, &warnings) else { return [] }
        guard isLocated else {
            warnings.append(wrong(.noPicture, "\(picture) has regions, but no path"))
            return []
        }
        return regions(range, of: picture, &warnings)
    }

    /// Where an array of regions lies, if there is one.
    private func listed(_ range: Range<Int>?, of picture: String?, _ warnings: inout [Warning]) -> Range<Int>? {
        guard let range, let kind = kind(range), kind != .null else { return nil }
        guard kind == .array else {
            let name = picture.map { "the regions of \($0)" } ?? "the regions"
            warnings.append(wrong(.type, "\(name) must be an array of objects, they are \(kind.phrase)"))
            return nil
        }
        return range
    }

    private func regions(_ range: Range<Int>, of picture: String?, _ warnings: inout [Warning]) -> [PostRegion] {
        // The line was checked when it was taken apart.
        guard let list = try? regionList(range) else { return [] }
        warnings += list.faults(of: picture).map { wrong($0.fault, $0.message) }
        var regions: [PostRegion] = []
        for region in list.regions {
            regions.append(
                PostRegion(
                    box: region.box, label: shortened(region.label), score: region.score, text: shortened(region.text)))
        }
        return regions
    }

    private func regionList(_ range: Range<Int>) throws(JSONError) -> RegionList {
        var list = RegionList()
        var scanner = JSONScanner(text, at: range.lowerBound)
        try scanner.beginArray()
        while try scanner.nextElement() {
            let kind = try scanner.kind()
            guard kind == .object else {
                list.leaveOut("is \(kind.phrase), not an object")
                try scanner.skipValue()
                continue
            }
            var members = RegionMembers()
            try scanner.beginObject()
            while let member = try scanner.nextMember() {
                members.note(member.key, try scanner.skipValue())
            }
            if let box = box(members.box) {
                take(members, box, into: &list)
            } else {
                list.leaveOut("has no box of four numbers")
            }
        }
        return list
    }

    /// Takes a region with what is right of its other members.
    private func take(_ members: RegionMembers, _ box: PixelBox, into list: inout RegionList) {
        var region = RegionList.Region(box: box)
        var fault: String?
        func string(_ range: Range<Int>?, _ name: String) -> Int? {
            guard let range, let kind = kind(range), kind != .null else { return nil }
            if kind == .string { return range.lowerBound }
            fault = fault ?? "has a \(name) that is \(kind.phrase), not a string"
            return nil
        }
        region.label = string(members.label, "label")
        region.text = string(members.text, "text")
        if let range = members.score, kind(range) != .null {
            region.score = number(range).flatMap { (0...1).contains($0) ? $0 : nil }
            if region.score == nil { fault = fault ?? "has a score that is no number from 0 to 1" }
        }
        list.add(region, fault: fault)
    }

    /// Four finite numbers as a box with its corners in order.
    private func box(_ range: Range<Int>?) -> PixelBox? {
        guard let range, kind(range) == .array else { return nil }
        var edges = SIMD4<Float>()
        var count = 0
        var scanner = JSONScanner(text, at: range.lowerBound)
        _ = try? scanner.beginArray()
        while (try? scanner.nextElement()) == true {
            guard count < 4, let element = try? scanner.skipValue(), let edge = number(element) else { return nil }
            edges[count] = edge
            count += 1
        }
        return count == 4 ? PixelBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3]).ordered : nil
    }

    /// A finite number; what is too large for one is none.
    private func number(_ range: Range<Int>) -> Float? {
        guard kind(range) == .number, let digits = try? UTF8Span(validating: text.span.extracting(range)),
            let value = Float(String(copying: digits)), value.isFinite
        else { return nil }
        return value
    }

    /// The string that begins at a place, as far as it is kept.
    private func shortened(_ start: Int?) -> String? {
        guard let start, let text = decoded(start) else { return nil }
        return String(text.unicodeScalars.prefix(PostRegion.mostScalars))
    }

    private func wrong(_ fault: RegionFault, _ message: String) -> Warning { wrong(fault.rawValue, message) }
}

/// Where the members of one region lie: of several with one name the last.
private struct RegionMembers {
    var box: Range<Int>?
    var label: Range<Int>?
    var score: Range<Int>?
    var text: Range<Int>?

    mutating func note(_ key: String, _ value: Range<Int>) {
        switch key {
        case "box": box = value
        case "label": label = value
        case "score": score = value
        case "text": text = value
        default: break
        }
    }
}
