import DefaultModel
import Model
import Text
import SystemPackage

/// A model that finds the named entities of posts, says what they are, and points at them in the picture.
///
/// ```swift
/// let session = try GroundingModel.shipped().makeSession()
/// let post = Post("Eileen Collins before the flight", picture: .file("collins.jpg"))
/// for entity in try session.ground(post) { … }
/// ```
///
/// A model is shared by as many sessions as there are threads; weights are in memory once.
public struct GroundingModel: Sendable {
    let grounder: Grounder

    /// Opens a model directory: one that `gmner train` wrote, or the one that ships.
    ///
    /// Everything in it is checked, and what text needs is read; the patch encoder is read when the first picture comes.
    ///
    /// - Throws: ``GroundingError`` for a model that cannot be used, with the file that is at fault.
    public init(directory: String) throws(GroundingError) {
        do throws(ModelError) {
            grounder = try Grounder(directory: FilePath(directory))
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }

    /// The model that ships with the package.
    ///
    /// - Throws: ``GroundingError`` where it is not beside the running program: SwiftPM puts it there, and whoever copies
    ///   the program elsewhere takes `gmner_DefaultModel.resources` along.
    public static func shipped() throws(GroundingError) -> GroundingModel {
        guard let directory = DefaultModel.directory() else {
            throw GroundingError(
                code: ModelError.Code.missing.rawValue, message: "the model that ships is not beside the program")
        }
        return try GroundingModel(directory: directory.string)
    }

    /// Names of the types that the model knows: PER, LOC, ORG and OTHER for the one that ships.
    public var types: [String] { grounder.types.names }

    /// Whether the model can use pictures at all.
    public var looks: Bool { grounder.looks != .never }

    /// Scratch memory to answer posts with. Use one a thread.
    ///
    /// - Throws: ``GroundingError`` where there is no address space for it.
    public func makeSession() throws(GroundingError) -> GroundingSession {
        do throws(ModelError) {
            return GroundingSession(self, try grounder.makeWorker())
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }
}

/// What went wrong with a model, a picture or a post.
public struct GroundingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault, for programs: `model.missing`, `image.truncated`, `post.tokens`, …
    public let code: String
    /// What and where, for people.
    public let message: String
    /// The message.
    public var description: String { message }
}
