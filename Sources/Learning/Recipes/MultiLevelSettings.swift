/// What pre-training a text encoder against pictures decides.
package struct MultiLevelSettings: RecipeSettings {
    /// How an encoder becomes a tagger; a tagger that is given keeps its own.
    package var words = WordSettings()
    /// The space that sentences and pictures share.
    package var space = Space()
    /// Whether a sentence is about a picture.
    package var matching = Matching()
    /// Objects, and the noun phrases that they are told by.
    package var objects = Objects()
    /// What is learned.
    package var objectives = Objectives()
    @Setting("Rate of dropout in the encoder and inside the heads.", .belowOne)
    package var dropout: Float = 0.1
    @Setting("Leave the encoder's table of pieces as it is.")
    package var freezePieces = true
    /// How fast parameters learn.
    package var rates = TaggerRates()
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes; a teacher that names objects is the running average.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {
        (rates.encoder, rates.head) = (5e-5, 1e-3)
        (loop.batch, loop.averaging) = (64, 0.99)
    }

    /// What speaks for a sentence.
    package enum Pooling: String, Codable, Sendable, CaseIterable {
        /// The mean of its pieces' rows.
        case mean
        /// The row of the piece in front, as published.
        case cls
    }

    /// Projections.
    package struct Space: Codable, Sendable, Equatable {
        @Setting("Columns of the space in which sentences, pictures and objects are compared.", .between(1, 4096))
        package var width = 256
        @Setting("What speaks for a sentence; cls is as published, mean what sentence encoders come with.")
        package var pooling = Pooling.mean
    }

    /// Attention of pieces over patches.
    package struct Matching: Codable, Sendable, Equatable {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4
    }

    /// Objects of pictures.
    package struct Objects: Codable, Sendable, Equatable {
        @Setting("Noun phrases: the most frequent ones of the training sentences.", .between(2, 65_536))
        package var nouns = 1000
        @Setting("Units between an object's mean patch and the noun phrases.", .between(1, 65_536))
        package var hidden = 1536
        @Setting("Objects of a picture, the largest ones, at most.", .between(1, 1024))
        package var most = 8
        @Setting("Pictures without known objects are cut into so many by so many; 0 for none.", .between(0, 16))
        package var crops = 2
        @Setting(
            "Temperature of the teacher; at the .07 that contrast begins with, it is sure of next to nothing among a "
                + "thousand phrases.", .between(0.001, 10))
        package var temperature: Float = 0.02
        @Setting("Objects for which no phrase is as likely as this to the teacher are left out.", .share)
        package var threshold: Float = 0.2
        @Setting("Steps after which the teacher is taken anew from the running average.", .between(10, 1_000_000))
        package var teacherInterval = 100
    }

    /// Weights of terms.
    package struct Objectives: Codable, Sendable, Equatable {
        @Setting("Contrast of sentences and pictures within a part of a batch (ITC).", .notNegative)
        package var contrast: Float = 1
        @Setting("Whether sentence and picture belong together (ITM).", .notNegative)
        package var matching: Float = 1
        @Setting("Noun phrases of objects against the teacher's.", .notNegative)
        package var objects: Float = 1
    }
}
