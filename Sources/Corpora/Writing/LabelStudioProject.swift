/// What a Label Studio project calls its controls and objects, which results have to name, and where it finds pictures.
package struct LabelStudioProject: Sendable, Equatable {
    /// `name` of `<Labels>`.
    package var labels = "label"
    /// `name` of `<Text>`, whose value is `$text`.
    package var text = "text"
    /// `name` of `<RectangleLabels>`.
    package var boxes = "box"
    /// `name` of `<Image>`, whose value is `$image`.
    package var image = "image"
    /// What stands before the path of a picture to make a URL of it, which has what URLs cannot have in hexadecimal.
    package var picturePrefix: String?

    /// The names of the usual templates.
    package init() {}

    /// Where the project finds a picture.
    func location(_ path: String) -> String {
        guard let picturePrefix, !path.contains("://"), !path.hasPrefix("data:") else { return path }
        return picturePrefix + path.utf8.map(Self.escaped).joined()
    }

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(Unicode.Scalar(byte))
        if character.isASCII, character.isLetter || character.isNumber || "/-._~".contains(character) {
            return String(character)
        }
        return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }

    /// The labelling configuration of a project for these posts: a control for entities, and one for boxes if there are
    /// pictures, with the types in the order of the data.
    package func configuration(for data: LabelledData) -> ExportedFile {
        let types = data.typeNames
        func values(_ tag: String) -> String {
            types.map { "    <\(tag) value=\"\(XMLText.escape($0))\"/>\n" }.joined()
        }
        func name(_ name: String) -> String { "\"\(XMLText.escape(name))\"" }
        var text = """
            <View>
              <Labels name=\(name(labels)) toName=\(name(self.text))>
            \(values("Label"))  </Labels>
              <Text name=\(name(self.text)) value="$text"/>

            """
        if data.posts.contains(where: { $0.image != nil || $0.picture != nil }) {
            text += """
                  <RectangleLabels name=\(name(boxes)) toName=\(name(image))>
                \(values("Label"))  </RectangleLabels>
                  <Image name=\(name(image)) value="$image"/>

                """
        }
        return ExportedFile("", text + "</View>\n")
    }
}
