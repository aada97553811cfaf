public import Grounding

extension Grounder: PostModel {}
extension GroundingWorker: PostWorker {}
