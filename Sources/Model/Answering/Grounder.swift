import Files
import Kernels
import Synchronization
package import SystemPackage
package import Text

/// A loaded model: weights and method, shared by all workers.
package final class Grounder: Sendable {
    /// What the model's `config.json` says.
    package var configuration: ModelConfiguration { reading.network.configuration }
    /// The types of its mentions.
    package var types: TypeInventory { reading.network.tags.inventory }
    /// When it looks at a post's picture.
    package var looks: Looks { reading.network.looks }
    /// Side of the square picture that the patch encoder takes, in pixels; `nil` where the method never looks.
    package var imageSize: Int? { reading.network.patchEncoder?.configuration.imageSize }
    /// Side of a patch in pixels; `nil` where the method never looks.
    package var patchSize: Int? { reading.network.patchEncoder?.configuration.patchSize }

    /// Side of the square picture that the detector of objects takes, in pixels; `nil` where there is none.
    package var objectImageSize: Int? { reading.network.objectDetector?.configuration.imageSize }

    /// Whether it makes use of what outside tools saw in a picture.
    package var readsRegions: Bool { reading.readsRegions }

    /// Whether it reads what is known of a post from elsewhere.
    package var readsKnowledge: Bool { reading.words.configuration.knowledgePieces != nil }

    let reading: ReadingModel
    /// The patch encoder's numbers: read when the first picture comes, so that text alone starts at once.
    private let seeing: Mutex<Seeing>

    private enum Seeing {
        case unread(@Sendable () throws(ModelError) -> ParameterValues)
        case read(ParameterValues)
    }

    /// Opens a model directory (`config.json`, `vocab.txt`, weights). Everything in it is checked, and what text needs
    /// is read.
    package convenience init(directory: FilePath) throws(ModelError) {
        let directory = try ModelDirectory(directory)
        let network = try Network(directory.configuration())
        let wordPiece = try directory.wordPiece(lowercase: network.configuration.lowercase)
        let checkpoint = try directory.checkpoint(network.configuration)
        try checkpoint.check(network.seeing)
        try checkpoint.checkNumbers(network.seeing)
        let pictureFiles = checkpoint.files(for: network.seeing)
        try self.init(network, wordPiece, reading: checkpoint.load(network.reading)) { () throws(ModelError) in
            try pictureFiles.load(network.seeing)
        }
    }

    /// A model whose numbers are at hand, such as one that is being trained.
    ///
    /// - Parameters:
    ///   - reading: Numbers of ``Network/reading``.
    ///   - seeing: Gets the numbers of ``Network/seeing``; called when the first picture comes.
    package init(
        _ network: Network, _ wordPiece: WordPiece, reading: ParameterValues,
        seeing: @escaping @Sendable () throws(ModelError) -> ParameterValues
    ) throws(ModelError) {
        self.reading = try ReadingModel(network, reading, wordPiece)
        self.seeing = Mutex(.unread(seeing))
    }

    /// A worker with scratch memory of its own. Use one a thread.
    package func makeWorker() throws(ModelError) -> GroundingWorker {
        do throws(ShapeError) {
            return GroundingWorker(self, try Workspace(size: Self.workspaceFloats))
        } catch {
            throw ModelError(.unsupported, error.description)
        }
    }

    /// Scratch memory that a worker reserves, in floats: 64 MiB. What a post or a batch needs beyond that is given back.
    private static let workspaceFloats = 1 << 24

    /// The patch encoder's numbers.
    func seeingValues() throws(ModelError) -> ParameterValues {
        try seeing.withLock { seeing throws(ModelError) in
            switch seeing {
            case .read(let values): return values
            case .unread(let load):
                let values = try load()
                seeing = .read(values)
                return values
            }
        }
    }
}
