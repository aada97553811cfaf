import ArgumentParser
import Corpora
import Files
import JSON
import KnowledgeBase
import SystemPackage
import Wire

/// `gmner knowledge names`: what a knowledge base finds in posts.
struct KnowledgeNamesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "names",
        abstract: "List the names that a knowledge base finds in posts.",
        discussion: """
            Reads posts as gmner-stream does, and writes one JSON object a line: id, line, and names, each with text, start, \
            end (in Unicode scalars) and entities, best first. Nothing is asked but the base: gmner-stream decides what is \
            an entity. Exit status 65 means that a line is no post, 66 that the base or a file cannot be read.
            """)

    @Flag(help: "Write what a tagger gets to read instead: lines of id and knowledge, as train takes them.")
    var knowledge = false

    @Argument(help: ArgumentHelp("The knowledge base.", valueName: "kb"))
    var base: String

    @Argument(help: ArgumentHelp("Posts, - for standard input.", valueName: "posts"))
    var posts = "-"

    func run() throws {
        let base = try KnowledgeBase(FilePath(base))
        let path = FilePath(posts)
        let parser = PostParser()
        var output: [UInt8] = []
        func flush() throws(DataError) {
            do {
                _ = try FileDescriptor.standardOutput.writeAll(output)
            } catch {
                throw DataError("standard output: \(error)", kind: .output)
            }
            output.removeAll(keepingCapacity: true)
        }
        try LinesOfFile.forEachLine(path) { bytes, line throws(DataError) in
            let post: Post
            do throws(RecordError) {
                post = try parser.parse(bytes, number: line)
            } catch {
                throw DataError(path, line: line, error.message)
            }
            if let value = knowledge ? told(post, base) : names(post, base) {
                value.write(into: &output)
                output.append(UInt8(ascii: "\n"))
            }
            if output.count > 1 << 16 { try flush() }
        }
        try flush()
    }

    private func id(_ post: Post) -> [JSONValue.Member] {
        let id = post.id.flatMap { try? JSONValue(parsing: Array($0.bytes)) }
        return id.map { [JSONValue.Member("id", $0)] } ?? []
    }

    private func told(_ post: Post, _ base: KnowledgeBase) -> JSONValue? {
        base.knowledge(of: post.text).map { .object(id(post) + [.init("knowledge", .string($0))]) }
    }

    private func names(_ post: Post, _ base: KnowledgeBase) -> JSONValue {
        let names = base.names(in: post.text).map { name in
            JSONValue.object([
                .init("text", .string(name.text)), .init("start", .integer(name.scalars.lowerBound)),
                .init("end", .integer(name.scalars.upperBound)), .init("entities", .array(name.entities.map(entity))),
            ])
        }
        return .object(id(post) + [.init("line", .integer(post.line)), .init("names", .array(names))])
    }

    private func entity(_ entity: KnownEntity) -> JSONValue {
        var members = [JSONValue.Member("id", .string(entity.id)), .init("name", .string(entity.name))]
        if let type = entity.type { members.append(.init("type", .string(type))) }
        if let description = entity.description { members.append(.init("description", .string(description))) }
        return .object(members)
    }
}
