import ArgumentParser
import Model
import Learning
import SystemPackage

/// What the method evidence learns from, and how large it is.
struct EvidenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Model that tags; its encoder and CRF stay as they are. One that grounds goes on from where it is.",
            valueName: "dir"))
    var tagger: String?

    @Option(
        help: ArgumentHelp("Patch encoder, in Hugging Face's layout; that of --tagger by default.", valueName: "dir"))
    var patches: String?

    @OptionGroup var sources: EvidenceSources

    @Option(help: ArgumentHelp("Posts made of each photograph.", valueName: "count"))
    var postsPerPhotograph = 2

    @Option(help: ArgumentHelp("Parts of each photograph that are shown besides the whole.", valueName: "count"))
    var partsPerPhotograph = 0

    @Option(
        help: ArgumentHelp(
            "Collages with each photograph, in which it is one of two or four, that are shown too.", valueName: "count")
    )
    var collagesPerPhotograph = 0

    @Option(
        help: ArgumentHelp("File that keeps the photographs' rows from run to run.", valueName: "file"))
    var patchCache: String?

    @Flag(
        help: """
            Train a tagger with a gate beside it, so that its encoder keeps what a gate needs; --out is a tagger.
            """)
    var tuneTagger = false

    @Option(help: "Columns of queries and evidence.")
    var width = 256

    @Option(help: "Attention heads.")
    var heads = 8

    @Option(help: "Layers of the evidence reader.")
    var layers = 2

    @Option(help: "Layers of attention among a picture's own patches before that.")
    var pictureLayers = 0

    @Option(
        help: """
            What draws the box: regression, or choice, a second stage that chooses among anchors, what peaks of the mask \
            propose, and the box of regression.
            """)
    var boxes = Boxes.regression

    @Option(help: ArgumentHelp("Anchors that --boxes choice chooses among.", valueName: "count"))
    var anchors = 64

    @Option(help: "Weight of the contrast between pictures and captions.")
    var contrast: Float = 0.2

    @Option(help: "Share of times in which the alternative text is left out.")
    var altDropout: Float = 0.4

    /// What has the last word on a box.
    enum Boxes: String, ExpressibleByArgument, CaseIterable {
        case regression, choice
    }

    /// Throws unless there is something to learn from.
    func validate(data: String?, encoder: String?) throws {
        if tuneTagger {
            guard (tagger == nil) != (encoder == nil), data != nil else {
                throw ValidationError("--tune-tagger needs --data, and --encoder or --tagger to start from")
            }
        } else {
            guard tagger != nil else { throw ValidationError("evidence needs --tagger") }
        }
        guard (0...1024).contains(anchors) else { throw ValidationError("--anchors is \(anchors), not in 0...1024") }
        try sources.validate(data: data)
    }

    /// Where the posts come from.
    var source: EvidenceData {
        var source = sources.source
        source.postsPerPhotograph = postsPerPhotograph
        source.partsPerPhotograph = partsPerPhotograph
        source.collagesPerPhotograph = collagesPerPhotograph
        return source
    }

    /// What the run depends on, for a model's `config.json`.
    var provenance: [String: String] {
        [
            "evidence_alt_dropout": "\(altDropout)", "evidence_contrast": "\(contrast)",
            "posts_per_photograph": "\(postsPerPhotograph)", "parts_per_photograph": "\(partsPerPhotograph)",
            "collages_per_photograph": "\(collagesPerPhotograph)",
        ]
    }

    /// The run.
    var training: EvidenceTraining {
        var training = EvidenceTraining()
        training.shape = EvidenceConfiguration(
            width: width, heads: heads, layers: layers, pictureLayers: pictureLayers > 0 ? pictureLayers : nil)
        if boxes == .choice {
            var candidates = EvidenceTraining.Candidates()
            candidates.anchors = anchors
            training.candidates = candidates
        }
        training.recipe.contrast = contrast
        training.recipe.dropsAlt = altDropout
        training.photographCache = patchCache.map { FilePath($0) }
        return training
    }
}

/// Where evidence comes from, besides a data set.
struct EvidenceSources: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pictures of the posts of --data (ID.jpg or ID.png), as far as they are at hand.", valueName: "dir"))
    var images: String?

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
        guard data != nil || photographs != nil else { throw ValidationError("give --data, --photographs or both") }
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
        source.photographs = photographs.map { FilePath($0) }
        source.names = names.map { FilePath($0) }
        return source
    }
}
