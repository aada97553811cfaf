import Corpora
import JSON
import SystemPackage
import Testing

@testable import Flow
@testable import Images
@testable import Learning
@testable import Model
@testable import Wire

/// Mentions that lie in others, which tags cannot say.
@Suite("Mentions in mentions")
struct NestedMentionTests {
    /// Towns, and their banks: "Bank of Rio" is one, in which another is.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        let towns = ["Rio", "Oslo", "Lima", "Bonn", "Riga", "Kyiv"]
        for (part, numbers) in [("train", 0..<36), ("dev", 36..<48)] {
            let lines = numbers.map { number in
                let (town, isBank) = (towns[number % 6], number / 6 % 2 == 0)
                let text = isBank ? "Bank of \(town) lends" : "Sun in \(town) shines"
                let (start, end) = isBank ? (8, 8 + town.count) : (7, 7 + town.count)
                let bank = isBank ? #"{"start":0,"end":\#(end),"type":"ORG"},"# : ""
                return
                    #"{"id":"\#(number)","text":"\#(text)","triples":[\#(bank){"start":\#(start),"end":\#(end),"type":"LOC"}]}"#
            }
            try folder.write("\(part).ndjson", Array(lines.joined(separator: "\n").utf8))
        }
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        return folder
    }

    private func train(_ name: String, _ folder: DataFolder, _ settings: [String]) throws -> Double {
        let file = #"{"rates":{"encoder":3e-3,"head":1e-2},"dropout":0,"loop":{"epochs":14,"batch":8}}"#
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("tiny")
        let recipe = try Recipes.named(name)
        return try recipe.prepare(
            file: JSONValue(parsing: Array(file.utf8)), settings, inputs, at: RunPlace(folder.file(name))
        ).run()
    }

    @Test func spansFindWhatTagsCannotSay() throws {
        let folder = try folder()
        #expect(try train("span", folder, ["head.nested=true"]) > 0.99)
        // Of three entities in two posts a chain of tags finds two at most.
        #expect(try train("crf-none", folder, []) < 0.81)
        let posts = [Post(line: 1, text: "Bank of Oslo lends"), Post(line: 2, text: "Sun in Rio shines")]
        let answers = try Pipeline.opening(
            folder.file("span"), pictures: PictureSource(root: folder.path), plan: Plan(jobs: 1)
        ).answers(to: posts)
        let found = answers.map { answer in
            String(decoding: answer.lines, as: UTF8.self).split(separator: "{\"entity\":").dropFirst().map {
                $0.split(separator: ",").prefix(2).joined(separator: " ")
            }
        }
        #expect(
            found == [
                [#""Bank of Oslo" "type":"ORG""#, #""Oslo" "type":"LOC""#], [#""Rio" "type":"LOC""#],
            ])
    }

    /// Without the setting what lies in another is left out.
    @Test func mentionsStayApartUnlessItIsSaid() throws {
        let folder = try folder()
        #expect(try train("span", folder, []) < 0.81)
        #expect(try ModelDirectory(folder.file("span")).configuration().settings is SpanMethod.Settings)
    }
}
