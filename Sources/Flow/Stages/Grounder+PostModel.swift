package import Model

extension Grounder: PostModel {
    /// No method of this package asks anyone.
    package var consults: Bool { false }
}

extension GroundingWorker: PostWorker {}
