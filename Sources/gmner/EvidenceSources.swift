import ArgumentParser
import Learning
import SystemPackage

/// Where evidence comes from, besides a data set.
struct EvidenceSources: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pictures of the posts of --data (ID.jpg or ID.png), as far as they are at hand.", valueName: "dir"))
    var images: String?

    @Option(
        help: ArgumentHelp(
            "Labelled posts with their pictures: train.ndjson, dev.ndjson and images/.", valueName: "dir"))
    var pictured: String?

    @Option(
        help: ArgumentHelp(
            "Captioned photographs: train.ndjson, dev.ndjson (as gmner synth reads them) and images/.", valueName: "dir"
        ))
    var photographs: String?

    @Option(
        help: ArgumentHelp(
            "Data set that names for posts about photographs are drawn from; --data by default.", valueName: "dir"))
    var names: String?

    /// Throws unless there is something to read.
    func validate(data: String?) throws {
        guard data != nil || pictured != nil || photographs != nil else {
            throw ValidationError("give --data, --pictured or --photographs")
        }
        guard images == nil || data != nil else {
            throw ValidationError("--images are pictures of the posts of --data")
        }
        guard photographs == nil || names != nil || data != nil else {
            throw ValidationError("--photographs needs --names, or --data to draw names from")
        }
    }

    /// The same as data to read.
    var source: EvidenceData {
        var source = EvidenceData()
        source.images = images.map { FilePath($0) }
        source.pictured = pictured.map { FilePath($0) }
        source.photographs = photographs.map { FilePath($0) }
        source.names = names.map { FilePath($0) }
        return source
    }
}
