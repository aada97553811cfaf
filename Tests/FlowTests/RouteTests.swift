import Testing
@testable import Wire

@testable import Flow
@testable import Model

struct RouteTests {
    private func journey(image: String?, wants: Bool? = nil, patches: [Float] = [], tried: Int = 0) -> Journey {
        var journey = Journey(sequence: 0, admitted: 0, post: Post(line: 1, text: "t", image: image))
        journey.found.picturesTried = tried
        journey.found.reading = wants.map { Reading(mentions: [], wantsPicture: $0, queries: [], alt: [], altRows: 0) }
        journey.found.picture = patches.isEmpty ? nil : PictureInput(patches: patches)
        return journey
    }

    @Test("Text first: the picture is loaded only if the reading wants it and there is one")
    func textFirst() {
        let route = Route(looks: .afterTagging, consults: false, loadsPictures: true)
        #expect(route.start(journey(image: "a.jpg")) == .read)
        #expect(route.next(after: .read, journey(image: "a.jpg", wants: true)) == .decode)
        #expect(route.next(after: .read, journey(image: "a.jpg", wants: false)) == .ground)
        #expect(route.next(after: .read, journey(image: nil, wants: true)) == .ground)
        #expect(route.next(after: .decode, journey(image: "a.jpg", wants: true, patches: [1])) == .see)
        #expect(route.next(after: .decode, journey(image: "a.jpg", wants: true, tried: 1)) == .ground)
        #expect(route.next(after: .see, journey(image: "a.jpg", wants: true, tried: 1)) == .ground)
        #expect(route.next(after: .ground, journey(image: "a.jpg", wants: true, tried: 1)) == .format)
    }

    @Test("Someone is asked only for a model that asks", arguments: Looks.allCases)
    func consultation(looks: Looks) {
        let asking = Route(looks: looks, consults: true, loadsPictures: true)
        #expect(asking.next(after: .ground, journey(image: nil)) == .consult)
        var grounded = journey(image: nil)
        grounded.found.mentions = []
        #expect(asking.next(after: .consult, grounded) == .format)
        let knowing = Route(looks: looks, consults: true, asksKnowledge: true, loadsPictures: true)
        #expect(asking.start(journey(image: nil)) == .read)
        #expect(knowing.start(journey(image: nil)) == .consult)
        #expect(knowing.next(after: .consult, journey(image: nil)) == .read)
        #expect(
            knowing.next(after: .consult, journey(image: "a.jpg")) == (looks == .beforeTagging ? .decode : .read))
        #expect(knowing.next(after: .consult, grounded) == .format)
        let silent = Route(looks: looks, consults: false, loadsPictures: true)
        #expect(silent.next(after: .ground, journey(image: nil)) == .format)
    }

    @Test("What a picture shows is asked before all else, where the feed does not say it")
    func captions() {
        let route = Route(looks: .afterTagging, consults: true, asksCaptions: true, loadsPictures: true)
        var bare = journey(image: "a.jpg")
        #expect(route.start(bare) == .consult && route.next(after: .consult, bare) == .read)
        #expect(route.start(journey(image: nil)) == .read)
        bare.post.images.append(PostPicture(location: "b.jpg"))
        bare.post.images[0].alt = "a park"
        #expect(route.start(bare) == .consult)
        bare.post.images[1].alt = "a lake"
        #expect(route.start(bare) == .read)
        bare.post.images = [PostPicture(location: "a.jpg")]
        bare.post.alt = "a park"
        #expect(route.start(bare) == .read)
        let silent = Route(looks: .afterTagging, consults: true, loadsPictures: true)
        #expect(silent.start(journey(image: "a.jpg")) == .read)
    }

    @Test("Picture first where the tagger looks at it")
    func pictureFirst() {
        let route = Route(looks: .beforeTagging, consults: false, loadsPictures: true)
        #expect(route.start(journey(image: "a.jpg")) == .decode)
        #expect(route.start(journey(image: nil)) == .read)
        #expect(route.next(after: .decode, journey(image: "a.jpg", patches: [1])) == .see)
        #expect(route.next(after: .decode, journey(image: "a.jpg", tried: 1)) == .read)
        #expect(route.next(after: .see, journey(image: "a.jpg", tried: 1)) == .read)
        #expect(route.next(after: .read, journey(image: "a.jpg", wants: true, tried: 1)) == .ground)
        #expect(route.next(after: .ground, journey(image: "a.jpg", wants: true, tried: 1)) == .format)
    }

    @Test("Of several pictures each is decoded, seen and grounded before the next", arguments: [false, true])
    func severalPictures(consults: Bool) {
        let end = consults ? Stage.consult : .format
        for looks in [Looks.afterTagging, .beforeTagging] {
            let route = Route(looks: looks, consults: consults, loadsPictures: true)
            var journey = journey(image: "a.jpg", wants: true, tried: 1)
            journey.post.images.append(PostPicture(location: nil, alt: "words alone"))
            journey.post.images.append(PostPicture(location: "b.jpg"))
            #expect(route.next(after: .decode, journey) == .decode, "the first could not be loaded")
            #expect(route.next(after: .ground, journey) == .decode)
            journey.found.mentions = []
            journey.found.picturesTried = 3
            #expect(route.next(after: .decode, journey) == end, "the last could not be loaded")
            #expect(route.next(after: .see, journey) == .ground)
            #expect(route.next(after: .ground, journey) == end)
            journey.found.picturesTried = 1
            journey.found.reading?.wantsPicture = false
            #expect(route.next(after: .ground, journey) == end)
        }
    }

    @Test("Who never looks, or has nothing that loads pictures, never has one loaded", arguments: Looks.allCases)
    func noPictures(looks: Looks) {
        for route in [
            Route(looks: looks, consults: false, loadsPictures: false),
            Route(looks: .never, consults: false, loadsPictures: true),
        ] {
            #expect(route.start(journey(image: "a.jpg")) == .read)
            #expect(route.next(after: .read, journey(image: "a.jpg", wants: true)) == .ground)
        }
    }
}
