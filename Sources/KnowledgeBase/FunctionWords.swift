/// Words of English that name nothing by themselves, however they are written: at the beginning of a sentence, in a
/// headline. "US" is no such word: it is told from "us" by its capitals.
enum FunctionWords {
    static let all: Set<String> = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))

    static func contains(_ folded: some Sequence<UInt8>) -> Bool {
        all.contains(String(decoding: Array(folded), as: UTF8.self))
    }

    private static let text = """
        a about above after again against all almost alone along already also although always am an and another any
        anybody anyone anything apr april are around as ask at aug august away back bad be because become been before
        behind being best better between big both bring but by call came can come could day days dear dec december did
        do does doing don done dont down dr during each early either else end enough even ever every everybody
        everyone everything far feb february few find first for free fri friday from full get gets getting give go
        goes going gone good got great had half has have having he hello help her here hers herself hey hi high him
        himself his hot how however i if im in into is isnt it its itself jan january jul july jun june just keep kind
        know last late later least left less let lets like little long look looking lot made make makes
        making many mar march may maybe me mean meet might mine mon monday more morning most mr mrs ms mt much must my
        myself near need never new next nice night no nobody none nor not nothing nov november now oct october of off
        often oh ok old on once one only open or other others our ours out over own people perhaps please pm put
        rather ready real really right rt said same sat saturday saw say says see seems seen sep sept september set
        several shall she should show since so some somebody someone something soon sorry still stop such sun sunday
        sure take taking tell than thank thanks that thats the their theirs them themselves then there these they
        thing things think this those though three through thu thursday thus time to today together told tomorrow
        tonight too top try tue tuesday turn two under until up upon use used very via wait want wants was watch way
        we wed wednesday week well went were what whatever when where whether which while who whole whom whose why
        will win wish with within without wont world would yeah year years yes yesterday yet you your yours yourself
        """
}
