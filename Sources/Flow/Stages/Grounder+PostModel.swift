package import Model

extension Grounder: PostModel {}

extension GroundingWorker: PostWorker {}
