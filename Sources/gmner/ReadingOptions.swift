import ArgumentParser
import Learning
import Options
import Reporting
import SystemPackage
package import Text
import Corpora
import Scoring

/// How labelled data is read, for all files of a command.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of VOC files with boxes; xml beside the data by default.", valueName: "dir"))
    var boxes: String?

    @Option(help: ArgumentHelp("Folder of JSON files with masks.", valueName: "dir"))
    var masks: String?

    @Option(help: ArgumentHelp("Texts (id and text a line, NDJSON) for entities that come without.", valueName: "file"))
    var texts: String?

    @Option(help: ArgumentHelp("Types that may occur, with commas between.", valueName: "names"))
    var types: String?

    @Option(help: "An I- tag that goes on with nothing: lenient begins an entity, strict leaves it out.")
    var orphans: TagSet.OrphanRule = .lenient

    @Option(help: "What start and end count in NDJSON: scalar, utf16 or utf8.")
    var offsets: OffsetUnit = .scalar

    /// Reads a file and tells on standard error what was read by a rule.
    ///
    /// Boxes and masks of predictions are their own: the folders of these options belong to gold.
    func read(_ path: String, _ format: DataFormat?, predictedBoxes: String?) throws -> LabelledData {
        try read(path, format) { source in
            source.findsBoxes = false
            source.boxes = predictedBoxes.map { FilePath($0) }
        }
    }

    /// Reads a file of gold data, or one that stands alone, and perhaps as a feed.
    func read(_ path: String, _ format: DataFormat?, feed: FeedOptions? = nil) throws -> LabelledData {
        try read(path, format) { source in
            source.keys = feed?.keys ?? source.keys
            source.html = feed?.html ?? false
            source.boxes = boxes.map { FilePath($0) }
            source.masks = masks.map { FilePath($0) }
        }
    }

    private func read(
        _ path: String, _ format: DataFormat?, _ change: (inout DataSource) -> Void
    ) throws -> LabelledData {
        var source = DataSource(FilePath(path), format: format)
        source.mayBeStream = true
        source.orphans = orphans
        source.offsets = offsets
        change(&source)
        source.texts = texts.map { FilePath($0) }
        if let types {
            do throws(TypeInventoryError) {
                source.inventory = try TypeInventory(types.split(separator: ",").map(String.init))
            } catch {
                throw ValidationError("--types: \(error.message)")
            }
        }
        let data = try source.read()
        for note in data.notes { Terminal.note("gmner: note: \(note)") }
        return data
    }
}

extension DataFormat: ExpressibleByArgument {}
extension EntityIdentity: ExpressibleByArgument {}
extension PublishedEvaluator: ExpressibleByArgument {}
extension TagSet.OrphanRule: ExpressibleByArgument {}
extension OffsetUnit: ExpressibleByArgument {}
