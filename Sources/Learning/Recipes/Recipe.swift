package import JSON
package import Reporting
package import SystemPackage

/// A way to train a model: data made ready, networks, objectives, optimiser, loop.
///
/// A recipe is one file and one line of ``Recipes/all``. What it decides is in its ``Settings``; what it reads is among its
/// ``inputs``; nothing else makes a difference.
package protocol Recipe: SendableMetatype {
    /// What training decides, with its defaults.
    associatedtype Settings: RecipeSettings
    /// Name on the command line.
    static var name: String { get }
    /// One line for people.
    static var summary: String { get }
    /// Where it was published, and how this one differs.
    static var paper: String { get }
    /// What it measured here, in one line.
    static var measured: String { get }
    /// How that was trained: a command line, with names for what a user has.
    static var command: String { get }
    /// What it reads, and whether it must be there.
    static var inputs: [TrainingInput: Bool] { get }

    /// Gets everything ready.
    ///
    /// - Parameters:
    ///   - inputs: only such as the recipe takes, and all that it must have.
    ///   - place: where the best model goes, and how the run is done there.
    static func prepare(_ settings: Settings, _ inputs: TrainingInputs, at place: RunPlace) throws -> TrainingRun
}

/// The recipes that there are.
package enum Recipes {
    /// All of them, in the order of `gmner methods`.
    package static let all: [any Recipe.Type] = [
        MultiLevelRecipe.self,
        CRFNoneRecipe.self,
        GatedTaggerRecipe.self,
        GatedFusionRecipe.self,
        UMTRecipe.self,
        ITARecipe.self,
        PrefixRecipe.self,
        DSEHOFRecipe.self,
        MinigeRecipe.self,
        SpanRecipe.self,
        MQSPNRecipe.self,
        FineRecipe.self,
        GEMRecipe.self,
        EvidenceRecipe.self,
        EVGRecipe.self,
        MAKARRecipe.self,
    ]

    /// The recipe of that name.
    ///
    /// - Throws: ``TrainingError`` with the nearest name where there is none.
    package static func named(_ name: String) throws(TrainingError) -> any Recipe.Type {
        if let recipe = all.first(where: { $0.name == name }) { return recipe }
        let nearest = all.map { $0.name }.min { $0.distance(to: name) < $1.distance(to: name) } ?? ""
        throw TrainingError(.settings, "there is no method \(name) to train; did you mean \(nearest)?")
    }
}

extension Recipe {
    package static var command: String {
        let needed = TrainingInput.allCases.filter { inputs[$0] == true }.map { " --\($0.rawValue) \($0.rawValue)" }
        return "gmner train \(name)\(needed.joined()) --out model"
    }

    /// Refuses what the recipe does not take or misses, decodes the settings, and gets everything ready.
    ///
    /// - Parameters:
    ///   - file: an object of settings, `--settings`.
    ///   - assignments: `path=value`, `--set`.
    package static func prepare(
        file: JSONValue, _ assignments: [String], _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        let settings = try Settings(file: file, assignments)
        for input in TrainingInput.allCases {
            let isThere = inputs[input] != nil
            guard let isNeeded = Self.inputs[input] else {
                if isThere { throw TrainingError(.settings, "\(name) takes no --\(input.rawValue)") }
                continue
            }
            if isNeeded && !isThere { throw TrainingError(.settings, "\(name) needs --\(input.rawValue)") }
        }
        return try prepare(settings, inputs, at: place)
    }
}

/// Something that recipes read.
package enum TrainingInput: String, Sendable, CaseIterable {
    /// A data set's folder.
    case data
    /// A text encoder, in Hugging Face's layout.
    case encoder
    /// A model that tags.
    case tagger
    /// A model that tags better, to learn from; there may be several.
    case teacher
    /// Posts that nobody has tagged; there may be several files.
    case untagged
    /// A patch encoder, in Hugging Face's layout.
    case patches
    /// A detector of objects that was brought in, or its graph.
    case detector
    /// Pictures of the data set's posts.
    case images
    /// Labelled posts with their pictures.
    case pictured
    /// Captioned photographs.
    case photographs
    /// A data set that names for posts about photographs are drawn from.
    case names
    /// Noun phrases that objects are told by.
    case nouns
    /// Background of posts; there may be several.
    case knowledge
    /// A file that keeps the photographs' rows from run to run.
    case patchCache = "patch-cache"
}

/// What a run reads.
package struct TrainingInputs: Sendable {
    private var paths: [TrainingInput: [FilePath]] = [:]

    /// Nothing yet.
    package init() {}

    /// The path of an input, the last of several; `nil` where it is not given.
    package subscript(input: TrainingInput) -> FilePath? {
        get { paths[input]?.last }
        set { paths[input] = newValue.map { [$0] } }
    }

    /// All paths of an input.
    package subscript(all input: TrainingInput) -> [FilePath] {
        get { paths[input] ?? [] }
        set { paths[input] = newValue.isEmpty ? nil : newValue }
    }

    /// The path of an input that has to be there.
    package func require(_ input: TrainingInput) throws(TrainingError) -> FilePath {
        guard let path = self[input] else { throw TrainingError(.settings, "--\(input.rawValue) is missing") }
        return path
    }

    /// What is known about posts from elsewhere.
    package var knowledge: Knowledge {
        get throws { try Knowledge(self[all: .knowledge]) }
    }

    /// Names of files and folders, without where they are.
    var names: JSONValue {
        .object(
            TrainingInput.allCases.compactMap { input in
                let names = self[all: input].map { $0.lastComponent?.string ?? $0.string }
                return names.isEmpty ? nil : JSONValue.Member(input.rawValue, .string(names.joined(separator: " ")))
            })
    }
}

/// Where a run is done, and how: nothing that its outcome depends on.
package struct RunPlace: Sendable {
    /// Where the best model goes; its folder `training` gets checkpoint, logs and caches.
    package var directory: FilePath
    /// Workers.
    package var jobs = 1
    /// Steps between checkpoints.
    package var checkpointInterval = 250
    /// How progress is shown on stderr.
    package var progress = ProgressStyle.none

    /// A run in a directory.
    package init(_ directory: FilePath) { self.directory = directory }

    /// The run's own folder.
    var training: FilePath { directory.appending("training") }
}

/// A run that is ready.
package struct TrainingRun {
    /// What somebody should know before it begins.
    package let notes: [String]
    private let loop: any TrainingLoop
    private let completion: () throws -> Void

    /// - Parameter completion: what is done when the loop has come to its end.
    init(_ loop: any TrainingLoop, notes: [String] = [], completion: @escaping () throws -> Void = {}) {
        self.loop = loop
        self.notes = notes + loop.notes
        self.completion = completion
    }

    /// Goes on where the checkpoint in the directory was written.
    ///
    /// - Throws: ``TrainingError`` where there is none, or one that is torn or of another run: then what is different.
    package func resume() throws(TrainingError) { try loop.resume() }

    /// Which weights are kept so far, and how they did on the development posts, in a line.
    package var outcome: String { loop.outcome }

    /// Runs to the end, or until `shouldStop` says so between two steps.
    ///
    /// - Returns: the best score; −∞ where the development data could not tell.
    @discardableResult
    package func run(shouldStop: () -> Bool = { false }) throws -> Double {
        let best = try loop.run(shouldStop: shouldStop)
        if loop.isFinished { try completion() }
        return best
    }
}

/// The loop, whatever it learns.
protocol TrainingLoop {
    var notes: [String] { get }
    var isFinished: Bool { get }
    var outcome: String { get }
    func resume() throws(TrainingError)
    func run(shouldStop: () -> Bool) throws(TrainingError) -> Double
}

extension Trainer: TrainingLoop {}
