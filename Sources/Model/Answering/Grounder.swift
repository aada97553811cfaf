import Kernels
import Synchronization
package import SystemPackage
import Text

/// A loaded model: weights and recipe, shared by all workers.
package final class Grounder: Sendable {
    /// What the model's `config.json` says.
    package var configuration: ModelConfiguration { reading.network.configuration }
    /// The model's recipe.
    package var method: Method { reading.method }
    /// Side of the square picture that the patch encoder takes, in pixels; `nil` where the method has no picture part.
    package var imageSize: Int? { reading.network.patchEncoder?.configuration.imageSize }
    /// Side of a patch in pixels; `nil` where the method has no picture part.
    package var patchSize: Int? { reading.network.patchEncoder?.configuration.patchSize }

    /// When the model looks at pictures: never where it has no part for them.
    package var looks: Looks {
        guard reading.network.patchEncoder != nil else { return .never }
        return method.tagsFromTextAlone ? .afterTagging : .beforeTagging
    }

    let reading: ReadingModel
    private let checkpoint: Checkpoint
    /// The patch encoder's numbers: read when the first picture comes, so that text alone starts at once.
    private let seeing = Mutex<ParameterValues?>(nil)

    /// Opens a model directory (`config.json`, `vocab.txt`, weights). Everything in it is checked, and what text needs
    /// is read.
    package init(directory: FilePath) throws(ModelError) {
        let directory = ModelDirectory(directory)
        let network = try Network(directory.configuration())
        let wordPiece: WordPiece
        do throws(VocabularyError) {
            wordPiece = try WordPiece(contentsOf: directory.vocabulary, lowercase: network.configuration.lowercase)
        } catch {
            throw ModelError(.invalid, error.description)
        }
        checkpoint = try directory.checkpoint(network.configuration)
        try checkpoint.check(network.seeing)
        reading = try ReadingModel(network, checkpoint.load(network.reading), wordPiece)
    }

    /// A worker with scratch memory of its own. Use one a thread.
    package func makeWorker() throws(ModelError) -> GroundingWorker {
        do throws(ShapeError) {
            return GroundingWorker(self, try Workspace(capacity: Self.workspaceFloats))
        } catch {
            throw ModelError(.unsupported, error.description)
        }
    }

    /// Address space of a worker: 4 GiB, of which only what is used becomes memory.
    private static let workspaceFloats = 1 << 30

    /// The patch encoder's numbers.
    func seeingValues() throws(ModelError) -> ParameterValues {
        try seeing.withLock { values throws(ModelError) in
            if let values { return values }
            let loaded = try checkpoint.load(reading.network.seeing)
            values = loaded
            return loaded
        }
    }
}
