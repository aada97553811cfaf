import Geometry
import Testing

@testable import Pages

@Suite struct PostPageTests {
    private func article(_ post: PagePost) -> String {
        var types = PageTypes()
        return PostArticle(post: post, number: 1).html(&types).markup
    }

    private func post(_ boxes: [PixelBox], width: Int = 200, height: Int = 100) -> PagePost {
        var entity = PageEntity(name: "Ada", type: "PER", scalars: 0..<3)
        entity.boxes = boxes
        var post = PagePost(line: 4, text: "Ada")
        post.sides = [PagePost.Side(entities: [entity])]
        post.pictures = [PagePicture(source: "a.jpg", size: ImageSize(width: width, height: height), alt: nil)]
        return post
    }

    @Test func boxesAreSharesOfTheStoredPicture() {
        let html = article(post([PixelBox(x1: 20, y1: 25, x2: 120, y2: 100)]))
        #expect(html.contains("left:10%;top:25%;width:50%;height:75%"))
        #expect(html.contains("--w:200;--h:100"))
        #expect(html.contains("data-is=\"box \""))
    }

    @Test(
        arguments: [
            PixelBox(x1: .nan, y1: 0, x2: 1, y2: 1), PixelBox(x1: 0, y1: 0, x2: .infinity, y2: 1),
            PixelBox(x1: 300, y1: 0, x2: 400, y2: 50), PixelBox(x1: 5, y1: 5, x2: 5, y2: 5),
        ])
    func aBoxThatIsNoneIsNotDrawn(box: PixelBox) {
        #expect(!article(post([box])).contains("class=\"box"))
    }

    @Test func aBoxThatLeavesItsPictureIsCut() {
        let html = article(post([PixelBox(x1: -50, y1: 50, x2: 1e9, y2: -1)]))
        #expect(html.contains("left:0%;top:0%;width:100%;height:50%"))
    }

    @Test func typesOfAllNamesKeepTheirColour() {
        #expect(["PER", "person", "politician"].map(TypeColour.of) == [0, 0, 0])
        #expect(["OTHER", "MISC"].map(TypeColour.of) == [3, 3])
        #expect((4..<8).contains(TypeColour.of("building")) && (4..<8).contains(TypeColour.of("")))
    }

    @Test func moreTypesThanAnybodyLooksThroughShareANumber() {
        var types = PageTypes()
        for number in 0..<5000 { types.count("type \(number % 500)") }
        #expect(types.names.count == PageTypes.most)
        #expect(types.number(of: "type 7") == 7 && types.number(of: "type 300") == PageTypes.most)
    }

    @Test func whatTheFilterAsksForStandsAtThePost() {
        var post = post([])
        post.sides[0].entities[0].verdict = .missed
        post.remarks = [PageRemark(.warning, "w")]
        #expect(article(post).contains("data-is=\"trouble differs \" data-types=\"0 \""))
        post.remarks = [PageRemark(.note, "n")]
        post.sides[0].entities[0].verdict = .right
        #expect(article(post).contains("data-is=\"\" data-types=\"0 \""))
    }
}
