@testable import Corpora
@testable import Model
import Testing

@testable import Learning
@testable import Synthesis
@testable import Randomness

@Suite("Synthesis: posts")
struct SynthesisPostTests {
    @Test func theSameSeedGivesTheSamePosts() throws {
        let posts = try SynthesisFixtures.posts()
        #expect(posts.count == 20 * SynthesisFixtures.photographs.count)
        #expect(try SynthesisFixtures.posts() == posts)
        #expect(try SynthesisFixtures.posts(seed: 8) != posts)
        #expect(try SynthesisFixtures.posts(epoch: 1) != posts)
        // The first posts of a photograph do not depend on how many are asked for.
        #expect(
            try SynthesisFixtures.posts(perPhotograph: 1) == stride(from: 0, to: posts.count, by: 20).map { posts[$0] })
    }

    @Test func entitiesAreNamesInOrder() throws {
        for post in try SynthesisFixtures.posts() {
            #expect(!post.words.isEmpty && post.words.allSatisfy { !$0.isEmpty && !$0.contains(" ") })
            #expect(!post.entities.isEmpty, "\(post.text)")
            var end = 0
            for entity in post.entities {
                #expect(
                    end <= entity.words.lowerBound && !entity.words.isEmpty
                        && entity.words.upperBound <= post.words.count)
                end = entity.words.upperBound
                let name = post.words[entity.words].joined().lowercased()
                let marks = ["PER": ["example"], "LOC": ["placeton"], "ORG": ["clubco"], "OTHER": ["thing"]]
                let isGivenName = SynthesisFixtures.men.contains { $0.lowercased() == name }
                let fits = marks[entity.type, default: []].contains { name.contains($0) }
                // Animals go by given names.
                #expect(
                    fits || isGivenName && entity.type != "LOC" && entity.type != "ORG", "\(entity.type) \(post.text)")
            }
        }
    }

    @Test func whatIsVisibleHasACounterpartThere() throws {
        let photographs = Dictionary(uniqueKeysWithValues: SynthesisFixtures.photographs.map { ($0.image, $0) })
        var boxes = 0
        for post in try SynthesisFixtures.posts() {
            let shown = try #require(photographs[post.image])
            if let alt = post.alt { #expect(shown.captions.contains(alt)) }
            for entity in post.entities {
                if entity.box != nil { #expect(entity.visible) }
                guard entity.visible else { continue }
                #expect(!post.isContradiction)
                let noun = try #require(entity.noun)
                #expect(SynthesisFixtures.nouns(of: shown).contains { $0.name == noun.name })
                guard let box = entity.box, box != .whole else { continue }
                boxes += 1
                let objects = shown.objects.filter { noun.isPerson ? $0.coco == 1 : noun.coco.contains($0.coco ?? 0) }
                let isOne = objects.contains { $0.box == box }
                #expect(isOne || entity.type == "ORG" && objects.count > 1, "\(post.text)")
            }
        }
        #expect(boxes > 100)
    }

    @Test func contradictionsShowNothingOfWhatIsNamed() throws {
        let photographs = Dictionary(uniqueKeysWithValues: SynthesisFixtures.photographs.map { ($0.image, $0) })
        let posts = try SynthesisFixtures.posts().filter(\.isContradiction)
        #expect(posts.count > 100)
        for post in posts {
            let shown = try #require(photographs[post.image])
            let nouns = SynthesisFixtures.nouns(of: shown)
            for entity in post.entities {
                #expect(!entity.visible && entity.box == nil)
                guard let noun = entity.noun else { continue }
                #expect(!nouns.contains { $0.name == noun.name }, "\(post.text) / \(shown.captions)")
                if !noun.isPerson { #expect(!shown.objects.contains { noun.coco.contains($0.coco ?? 0) }) }
                if noun.isPerson, shown.objects.contains(where: { $0.coco == 1 }) {
                    // People may be shown where all captions say that they are of the other sex.
                    let isMale = try #require(entity.isMale as Bool?)
                    #expect(nouns.filter(\.isPerson).allSatisfy { isMale ? $0.isFemale : $0.isMale })
                }
            }
        }
    }

    @Test func halfIsVisibleAndHalfHasAlternativeText() throws {
        let counts = SynthesisCounts(try SynthesisFixtures.posts())
        #expect(0.4...0.6 ~= Double(counts.total.visible) / Double(counts.total.all))
        #expect(0.4...0.6 ~= Double(counts.alt) / Double(counts.posts))
        for type in counts.types { #expect(type.visible > 0 && type.visible < type.all) }
    }

    @Test func womenAreNotCalledLikeMen() throws {
        var women = 0
        for post in try SynthesisFixtures.posts() {
            for entity in post.entities where entity.noun?.isFemale == true {
                women += 1
                let name = post.words[entity.words].joined().lowercased()
                #expect(SynthesisFixtures.women.contains { name.contains($0.lowercased()) }, "\(name)")
            }
        }
        #expect(women > 20)
    }

    @Test func namesKeepTheirFrequencies() throws {
        var names = SynthesisFixtures.names
        names.append(.init(words: ["Often"], type: "LOC", count: 28))
        let inventory = try NameInventory(names)
        var random = SeededGenerator(seed: 1)
        let often = (0..<3000).filter { _ in inventory.draw(.settlement, using: &random) == ["Often"] }.count
        // 28 of 42: two thirds, give or take five standard deviations.
        #expect(1870...2130 ~= often)
    }

    @Test func inventoriesThatLackSomethingSayWhat() {
        #expect(throws: DataError("no name of type LOC")) {
            try NameInventory(SynthesisFixtures.names.filter { $0.type != "LOC" })
        }
        #expect(throws: DataError("unknown type colour of “Teal”")) {
            try NameInventory(SynthesisFixtures.names + [.init(words: ["Teal"], type: "colour")])
        }
    }

    @Test func fineTypesFindTheirPlaces() throws {
        let fine: [NameInventory.Name] = (0..<15).flatMap { index -> [NameInventory.Name] in
            [
                .init(words: ["Town\(index)"], type: "city"), .init(words: ["Hall\(index)"], type: "cultural_place"),
                .init(words: ["United\(index)"], type: "sports_team"), .init(words: ["Shop\(index)"], type: "company"),
                .init(words: ["Film\(index)"], type: "film_and_television_works"),
            ]
        }
        let inventory = try NameInventory(SynthesisFixtures.names.filter { $0.type == "PER" } + fine)
        var random = SeededGenerator(seed: 2)
        for _ in 0..<100 {
            #expect(inventory.draw(.settlement, using: &random)[0].hasPrefix("Town"))
            #expect(inventory.draw(.venue, using: &random)[0].hasPrefix("Hall"))
            #expect(inventory.draw(.team, using: &random)[0].hasPrefix("United"))
            #expect(inventory.draw(.company, using: &random)[0].hasPrefix("Shop"))
            #expect(inventory.draw(.other, using: &random)[0].hasPrefix("Film"))
        }
    }
}
