import ArgumentParser
import JSON
import Learning
import Pages
import SystemPackage

/// `gmner eval-noise`: what pictures and alternative texts do to the tags, and what wrong ones do.
struct EvalNoiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval-noise",
        abstract: "Score taggers with right evidence, with none, and with that of other posts.",
        discussion: """
            Development posts are read with nothing, with their own pictures and captions, and with those of other posts \
            in place of a share of them. A row a model: F1 of spans with types (MNER) with none, right, and each share of \
            noise; what right evidence gains and the most noise costs against none, with 95 % intervals from 1000 draws of \
            posts; and the share of words that let in more than half of what is shown. Exit status 65 means that data cannot \
            be used.
            """)

    @Option(name: .customLong("model"), help: ArgumentHelp("A model; may be given several times.", valueName: "dir"))
    var models: [String]

    @Option(help: ArgumentHelp("Data set of posts; its captions are alternative texts.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Pictures of the posts of --data (ID.jpg or ID.png), as far as they are at hand.", valueName: "dir"))
    var images: String?

    @Option(
        help: ArgumentHelp("Labelled posts with their pictures: dev.ndjson and images/.", valueName: "dir"))
    var pictured: String?

    @Option(
        help: ArgumentHelp(
            "Background of the posts, for models that read it; may be given several times.", valueName: "file"))
    var knowledge: [String] = []

    @Option(help: ArgumentHelp("Shares of posts with another post's evidence, in percent.", valueName: "list"))
    var noise = "25,50,100"

    @Option(help: "Decides which posts get another's, and whose.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Chart to write, as SVG.", valueName: "file"))
    var svg: String?

    @Option(
        help: ArgumentHelp(
            "Folder that keeps what patch encoders make of pictures from run to run; created where missing.",
            valueName: "dir"))
    var cache: String?

    @Option(name: .shortAndLong, help: "Workers.")
    var jobs = 1

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard data != nil || pictured != nil else { throw ValidationError("give --data or --pictured") }
        guard images == nil || data != nil else {
            throw ValidationError("--images are pictures of the posts of --data")
        }
        guard shares != nil else {
            throw ValidationError("--noise is a list of percentages from 0 to 100, as in 25,50,100")
        }
    }

    private var shares: [Double]? {
        let shares = noise.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !shares.isEmpty, shares.allSatisfy({ $0.map { (0...100).contains($0) } ?? false }) else { return nil }
        return shares.compactMap { $0 }.map { Double($0) / 100 }
    }

    func run() throws {
        var source = EvidenceData()
        source.posts = data.map { FilePath($0) }
        source.images = images.map { FilePath($0) }
        source.pictured = pictured.map { FilePath($0) }
        source.knowledge = try Knowledge(knowledge.map { FilePath($0) })
        var study = EvidenceNoise(shares: shares ?? [], seed: seed)
        let pool = WorkerPool(workers: jobs)
        try WorkingFolder.use(cache) { folder in
            for model in models {
                let path = FilePath(model)
                try study.measure(
                    path, named: path.lastComponent?.string ?? model, on: source, cache: folder, pool: pool)
            }
        }
        if let svg { try PageFile.write(chart(study).svg.bytes, to: svg) }
        guard json else { return try Terminal.write(study.report.table) }
        var line: [UInt8] = []
        study.report.json.write(into: &line)
        try Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
    }

    private func chart(_ study: EvidenceNoise) -> LineChart {
        LineChart(
            title: "MNER F1 under noise", x: "posts with another post's evidence", y: "F1",
            lines: study.results.map { result in
                LineChart.Line(
                    name: result.name,
                    points: study.shares.compactMap { share in
                        result.f1(.own(noise: share)).map { (share, 100 * $0) }
                    })
            })
    }
}
