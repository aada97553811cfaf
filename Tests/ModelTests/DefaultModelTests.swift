import Foundation
@testable import Geometry
@testable import Images
import Synchronization
import SystemPackage
import Testing

@testable import Model

/// The model that ships, on input that a model of random numbers has no opinion about.
@Suite struct DefaultModelTests {
    private let grounder: Grounder
    private let worker: GroundingWorker

    init() throws {
        grounder = try Grounder(directory: Self.root.appending("Sources/DefaultModel/model"))
        worker = try grounder.makeWorker()
    }

    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// Rows of pictures that were encoded already: the encoder takes its time where nothing is optimised.
    private static let seen = Mutex<[String: PictureFeatures]>([:])

    private func see(_ name: String, _ picture: () throws(ImageError) -> Picture) throws -> PictureFeatures {
        try Self.seen.withLock { seen in
            if let rows = seen[name] { return rows }
            let configuration = try #require(grounder.configuration.picture)
            let pixels = ImageToPixels(size: try #require(grounder.objectImageSize))
            let preparation = ImageToPatches(
                size: configuration.imageSize, patch: configuration.patchSize, pixels: pixels)
            let loaded = try preparation.load { _ throws(ImageError) in try picture() }
            let rows = try worker.see([PictureInput(patches: loaded.patches, pixels: loaded.pixels)])[0]
            seen[name] = rows
            return rows
        }
    }

    private func example(_ name: String) throws -> PictureFeatures {
        try see(name) { () throws(ImageError) in
            try PictureSource(root: Self.root.appending("examples/posts")).picture(of: name, atLeast: 300)
        }
    }

    /// One colour says nothing, whatever it is and however small the picture: the text's word stands, and no box is drawn.
    @Test(arguments: [(40, [120, 60, 200]), (1, [250, 250, 250])] as [(Int, [UInt8])])
    func aPictureOfOneColourShowsNothing(side: Int, colour: [UInt8]) throws {
        let reading = try worker.read([PostText(text: "Barack Obama meets Taylor Swift in Chicago")])[0]
        #expect(reading.mentions.count == 3)
        let rows = try see("\(side) \(colour)") {
            Picture(width: side, height: side, pixels: (0..<side * side).flatMap { _ in colour })
        }
        let told = try worker.ground(reading, picture: nil)
        for (answer, told) in try zip(worker.ground(reading, picture: rows), told) {
            #expect(try abs(#require(answer.visible) - #require(told.visible)) < 0.25)
            #expect(answer.box == nil)
        }
    }

    @Test func aPortraitShowsWhoItIsOf() throws {
        let reading = try worker.read([PostText(text: "Eileen Collins in her orange suit")])[0]
        let answer = try #require(
            try worker.ground(reading, picture: example("collins.jpg")).first { grounder.types.names[$0.type] == "PER" }
        )
        #expect(try #require(answer.visible) > 0.5)
        let box = try #require(answer.box)
        // Head and shoulders stand left of the middle, down to the lower edge.
        #expect(box.x1 < 0.3 && box.y1 < 0.35 && box.x2 > 0.5 && box.y2 > 0.7)
    }

    /// Of two objects that a detector claims, a person's name takes the person.
    @Test func aNameTakesThePersonThatADetectorSaw() throws {
        let reading = try worker.read([PostText(text: "Eileen Collins in her orange suit")])[0]
        var picture = try example("collins.jpg")
        let person = RelativeBox(x1: 0.08, y1: 0.02, x2: 0.72, y2: 1)
        let badge = RelativeBox(x1: 0.8, y1: 0.1, x2: 0.99, y2: 0.4)
        picture.regions = [
            SeenRegion(box: badge, label: "clock", score: 0.9), SeenRegion(box: person, label: "person", score: 0.9),
        ]
        let answer = try #require(
            try worker.ground(reading, picture: picture).first { grounder.types.names[$0.type] == "PER" })
        #expect(try #require(answer.drawn).overlap(person) > 0.5)
        // What they are called makes a difference.
        picture.regions[0].label = "person"
        picture.regions[1].label = "clock"
        let turned = try worker.ground(reading, picture: picture)
        #expect(turned.first { grounder.types.names[$0.type] == "PER" }?.boxScore != answer.boxScore)
    }

    /// The same words over a picture of something else.
    @Test func aCupOfCoffeeIsNoAstronaut() throws {
        let reading = try worker.read([PostText(text: "Eileen Collins in her orange suit")])[0]
        let portrait = try worker.ground(reading, picture: example("collins.jpg"))
        let coffee = try worker.ground(reading, picture: example("coffee.jpg"))
        #expect(try #require(coffee[0].visible) < #require(portrait[0].visible) - 0.2)
    }

    /// What the picture is of gets a box; a city that is only named does not.
    @Test func aRocketIsSeenAndACityBesideACupIsNot() throws {
        let readings = try worker.read([
            PostText(text: "Falcon 9 lifts off from Cape Canaveral, well done SpaceX!"),
            PostText(text: "Best espresso in Montreal, and nobody can tell me otherwise"),
        ])
        let rocket = try worker.ground(readings[0], picture: example("rocket.jpg"))[0]
        #expect(rocket.scalars == 0..<8)
        #expect(try #require(rocket.visible) > 0.5)
        let box = try #require(rocket.box)
        #expect(box.x1 < 0.5 && box.x2 > 0.45 && box.y1 < 0.5 && box.y2 > 0.6)
        let city = try worker.ground(readings[1], picture: example("coffee.jpg"))[0]
        #expect(try #require(city.visible) < 0.2 && city.box == nil)
    }

    @Test func wordsStandInForThePicture() throws {
        let text = "Kevin Durant wins it for Oklahoma City"
        let readings = try worker.read([
            PostText(text: text, alt: "a basketball player in a white jersey holds the ball"),
            PostText(text: text, alt: "a plate of noodles on a wooden table"),
        ])
        let answers = try readings.map { try worker.ground($0, picture: nil)[0] }
        #expect(answers.allSatisfy { grounder.types.names[$0.type] == "PER" && $0.box == nil })
        #expect(try #require(answers[0].visible) > #require(answers[1].visible) + 0.2)
    }

    /// Names of one spelling are told apart by where they stand: she who hugs is looked for, a fan need not be her.
    @Test func twoEntitiesOfTheSameName() throws {
        let reading = try worker.read([PostText(text: "Taylor Swift hugs a fan called Taylor Swift")])[
            0]
        let answers = try worker.ground(reading, picture: example("collins.jpg"))
        #expect(answers.map(\.scalars) == [0..<12, 31..<43])
        let visible = try answers.map { try #require($0.visible) }
        // By a quarter, as it is.
        #expect(visible[0] > visible[1] + 0.1)
    }
}
