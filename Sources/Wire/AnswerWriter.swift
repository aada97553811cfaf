package import Text
import Geometry
import JSON

/// The form of the output.
package enum Emit: String, Sendable, CaseIterable {
    /// One line for each record: `{"id":…,"line":…,"triples":[…],"image":{…},"warnings":[…]}`.
    case posts
    /// One line for each triple: `{"id":…,"line":…,"entity":…,…,"box":…}`. A record without triples has no line,
    /// one without an answer has a line with `error`.
    case triples

    /// The names that members of a line can have in which parts of the post are given back.
    func memberNames(keeping kept: Set<PostPart>, links: Bool) -> Set<String> {
        var names = memberNames.union(kept.map(\.rawValue))
        // Posts of many feeds have one, which is lost only for those who ask for ours.
        if links, self == .triples { names.insert("link") }
        if kept.contains(.image) { names.formUnion(["width", "height"]) }
        return names
    }

    private var memberNames: Set<String> {
        let both: Set = ["id", "line", "warnings", "error"]
        return switch self {
        case .posts: both.union(["triples", "image", "images"])
        case .triples:
            both.union([
                "entity", "type", "fine_type", "start", "end", "score", "visible", "box", "box_score", "mask",
                "picture", "token_start", "token_end", "uncertainty", "corrected", "explanation",
            ])
        }
    }
}

/// Writes answers as lines of JSON.
///
/// - Members come in a fixed order: `id` (left out if the record had none), `line`, then `triples`, `image` (left out
///   without a readable picture; `images` where the record has several) and `warnings` (left out if there are none), or
///   `error`; then the members of the record that were asked back. A triple has `entity`, `type`, `start`, `end`, `score`,
///   `visible`, `box`, `box_score`, with `fine_type` behind `type` if the model has such, `mask` and `link` if they
///   were asked for, `picture` if the record has several, `token_start` and `token_end` if it came split into words,
///   `uncertainty` if it was asked for, `corrected` if an outside model changed something of it, and `explanation` if it was
///   asked for.
/// - Where the picture's path is given back as `image`, its size is in `width` and `height` beside it.
/// - An `error` has `code`, `stage`, `message` and, where a byte of the line is to blame, `column` (from 1).
/// - Probabilities have at most four decimals, edges of boxes one; never an exponent. `visible`, `box` and
///   `box_score` are `null` where there is nothing to say.
/// - Strings keep their UTF-8; only what JSON forbids is escaped. `entity` is the slice of the text from `start` to
///   `end`, without the markup that may be there.
package struct AnswerWriter: Sendable {
    private let emit: Emit
    private let offsets: OffsetUnit
    private let keepsImage: Bool
    /// In what form triples have the pixels of what they show; `nil`: not at all.
    package let masks: MaskForm?
    /// Whether triples say which entity of a knowledge base they mean.
    package let links: Bool

    /// A writer of one form, with `start` and `end` counted in `offsets`, for posts whose parts in `keep` are given back.
    package init(
        emit: Emit = .posts, offsets: OffsetUnit = .scalar, keep: Set<PostPart> = [], masks: MaskForm? = nil,
        links: Bool = false
    ) {
        (self.masks, self.links) = (masks, links)
        self.emit = emit
        self.offsets = offsets
        keepsImage = keep.contains(.image)
    }

    /// Appends the lines for one answer, newline included: one with ``Emit/posts``, none or more with
    /// ``Emit/triples``. `text` is the post's text; what lies outside it is cut off.
    package func write(_ answer: Answer, text: String, into output: inout [UInt8]) {
        _ = write(answer, text: text, from: 0, upTo: .max, into: &output)
    }

    /// Appends lines for one answer from its triple `first` on, with ``Emit/triples`` only until there are `most` bytes: each
    /// of its lines repeats the id, the warnings and the members that were asked back, which may be a megabyte.
    ///
    /// - Returns: the triple to go on with; `nil` after the last line.
    package func write(
        _ answer: Answer, text: String, from first: Int, upTo most: Int, into output: inout [UInt8]
    ) -> Int? {
        switch answer.outcome {
        case .error(let error):
            begin(answer, &output)
            output.appendLiteral(",\"error\":")
            write(error, &output)
            end(answer, &output)
        case .triples(let triples, let images, let warnings):
            let given = answer.markup?.given ?? text
            var places = EntityPlaces(text.utf8Span, given: given.utf8Span, answer.markup, unit: offsets)
            switch emit {
            case .posts:
                begin(answer, &output)
                output.appendLiteral(",\"triples\":[")
                for (index, triple) in triples.enumerated() {
                    output.appendLiteral(index == 0 ? "{" : ",{")
                    writeMembers(triple, ofSeveral: images.count > 1, &places, &output)
                    output.appendLiteral("}")
                }
                output.appendLiteral("]")
                write(images, &output)
                write(warnings, &output)
                end(answer, &output)
            case .triples:
                for (index, triple) in triples.enumerated().dropFirst(first) {
                    if output.count >= most { return index }
                    begin(answer, &output)
                    output.appendLiteral(",")
                    writeMembers(triple, ofSeveral: images.count > 1, &places, &output)
                    write(warnings, &output)
                    end(answer, &output)
                }
            }
        }
        return nil
    }

    private func begin(_ answer: Answer, _ output: inout [UInt8]) {
        output.appendLiteral("{")
        if let id = answer.id {
            output.appendLiteral("\"id\":")
            output.append(contentsOf: id.bytes)
            output.appendLiteral(",")
        }
        output.appendLiteral("\"line\":")
        output.appendInteger(answer.line)
    }

    private func end(_ answer: Answer, _ output: inout [UInt8]) {
        if let passthrough = answer.passthrough, !passthrough.isEmpty {
            output.appendLiteral(",")
            output.append(contentsOf: passthrough)
        }
        output.appendLiteral("}\n")
    }

    private func write(_ images: [ImageSize?], _ output: inout [UInt8]) {
        guard images.contains(where: { $0 != nil }) else { return }
        if keepsImage, images.count == 1, let image = images[0] { return writeSides(image, &output) }
        output.appendLiteral(images.count > 1 ? ",\"images\":[" : ",\"image\":")
        for (index, image) in images.enumerated() {
            if index > 0 { output.appendLiteral(",") }
            write(image, &output)
        }
        if images.count > 1 { output.appendLiteral("]") }
    }

    private func write(_ image: ImageSize?, _ output: inout [UInt8]) {
        guard let image else { return output.appendLiteral("null") }
        output.appendLiteral("{\"width\":")
        output.appendInteger(image.width)
        output.appendLiteral(",\"height\":")
        output.appendInteger(image.height)
        output.appendLiteral("}")
    }

    private func writeSides(_ image: ImageSize, _ output: inout [UInt8]) {
        output.appendLiteral(",\"width\":")
        output.appendInteger(image.width)
        output.appendLiteral(",\"height\":")
        output.appendInteger(image.height)
    }

    private func writeMembers(
        _ triple: Triple, ofSeveral: Bool, _ places: inout EntityPlaces, _ output: inout [UInt8]
    ) {
        let (entity, start, end) = places.find(triple)
        output.appendLiteral("\"entity\":")
        output.appendString(utf8: places.text.extracting(entity))
        output.appendLiteral(",\"type\":")
        output.appendString(triple.type)
        if let fine = triple.fineType {
            output.appendLiteral(",\"fine_type\":")
            output.appendString(fine)
        }
        output.appendLiteral(",\"start\":")
        output.appendInteger(start)
        output.appendLiteral(",\"end\":")
        output.appendInteger(end)
        output.appendLiteral(",\"score\":")
        output.appendNumber(triple.score, decimals: 4)
        output.appendLiteral(",\"visible\":")
        output.appendNumber(triple.visible, decimals: 4)
        output.appendLiteral(",\"box\":")
        write(box: triple.box, &output)
        output.appendLiteral(",\"box_score\":")
        output.appendNumber(triple.boxScore, decimals: 4)
        if masks != nil {
            output.appendLiteral(",\"mask\":")
            write(triple.mask, &output)
        }
        if links { write(link: triple.link, &output) }
        if ofSeveral { write(picture: triple.picture, &output) }
        if let start = triple.tokenStart, let end = triple.tokenEnd {
            output.appendLiteral(",\"token_start\":")
            output.appendInteger(start)
            output.appendLiteral(",\"token_end\":")
            output.appendInteger(end)
        }
        write(triple.uncertainty, &output)
        write(corrected: triple.corrected, &output)
        if let explanation = triple.explanation { write(explanation, &output) }
    }

    private func write(_ explanation: Evidence, _ output: inout [UInt8]) {
        output.appendLiteral(",\"explanation\":{\"alt\":")
        output.appendNumber(explanation.alt, decimals: 4)
        output.appendLiteral(",\"picture\":")
        output.appendNumber(explanation.picture, decimals: 4)
        output.appendLiteral(",\"heat\":")
        output.appendString(explanation.heat)
        write(explanation.candidates, &output)
        output.appendLiteral("}")
    }

    private func write(_ candidates: [Evidence.Candidate], _ output: inout [UInt8]) {
        guard !candidates.isEmpty else { return }
        output.appendLiteral(",\"candidates\":[")
        for (index, candidate) in candidates.enumerated() {
            output.appendLiteral(index > 0 ? ",{\"from\":" : "{\"from\":")
            output.appendString(candidate.origin)
            if let label = candidate.label {
                output.appendLiteral(",\"label\":")
                output.appendString(label)
            }
            output.appendLiteral(",\"box\":")
            write(box: candidate.box, &output)
            output.appendLiteral(",\"share\":")
            output.appendNumber(candidate.share, decimals: 4)
            output.appendLiteral("}")
        }
        output.appendLiteral("]")
    }

    private func write(corrected parts: [String], _ output: inout [UInt8]) {
        guard !parts.isEmpty else { return }
        output.appendLiteral(",\"corrected\":[")
        for (index, part) in parts.enumerated() {
            if index > 0 { output.appendLiteral(",") }
            output.appendString(part)
        }
        output.appendLiteral("]")
    }

    private func write(picture: Int?, _ output: inout [UInt8]) {
        output.appendLiteral(",\"picture\":")
        if let picture { output.appendInteger(picture) } else { output.appendLiteral("null") }
    }

    private func write(link: String?, _ output: inout [UInt8]) {
        output.appendLiteral(",\"link\":")
        if let link { output.appendString(link) } else { output.appendLiteral("null") }
    }

    private func write(box: PixelBox?, _ output: inout [UInt8]) {
        guard let box else { return output.appendLiteral("null") }
        output.appendLiteral("[")
        output.appendNumber(box.x1, decimals: 1)
        output.appendLiteral(",")
        output.appendNumber(box.y1, decimals: 1)
        output.appendLiteral(",")
        output.appendNumber(box.x2, decimals: 1)
        output.appendLiteral(",")
        output.appendNumber(box.y2, decimals: 1)
        output.appendLiteral("]")
    }

    private func write(_ warnings: [Warning], _ output: inout [UInt8]) {
        guard !warnings.isEmpty else { return }
        output.appendLiteral(",\"warnings\":[")
        for (index, warning) in warnings.enumerated() {
            if index > 0 { output.appendLiteral(",") }
            writeFault(code: warning.code, stage: warning.stage, message: warning.message, column: nil, &output)
        }
        output.appendLiteral("]")
    }

    private func write(_ error: RecordError, _ output: inout [UInt8]) {
        writeFault(
            code: error.code.rawValue, stage: error.stage, message: error.message, column: error.column, &output)
    }

    private func writeFault(code: String, stage: String, message: String, column: Int?, _ output: inout [UInt8]) {
        output.appendLiteral("{\"code\":")
        output.appendString(code)
        output.appendLiteral(",\"stage\":")
        output.appendString(stage)
        output.appendLiteral(",\"message\":")
        output.appendString(message)
        if let column {
            output.appendLiteral(",\"column\":")
            output.appendInteger(column)
        }
        output.appendLiteral("}")
    }
}
