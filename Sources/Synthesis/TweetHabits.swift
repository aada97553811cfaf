import Randomness

/// What tweets have around what they say. Braces stand for a name.
enum TweetHabits {
    /// Posts of which little more than the names is left. They say nothing of whether the picture shows them.
    static let lostContext = [
        "{}", "{} !", "{} ! ! !", "{} .", "{} today", "{} last night", "{} right now", "so proud of {}", "love {}",
        "I love {} so much", "happy birthday {} !", "{} this morning", "just {}", "{} is everything",
        "my favourite : {}",
        "good morning {}", "look at {} !", "this is {}", "{} : photo of the day", "throwback to {}", "here is {}",
        "what a day with {}", "{} again", "can ' t get enough of {}", "{} for the win", "that ' s {}",
        "great shot of {}",
        "{} in action", "who else loves {} ?", "more of {}", "meet {}", "{} at the weekend", "{} , always",
    ]

    /// The same for places.
    static let lostContextOfPlaces = [
        "{}", "at {}", "in {} today", "welcome to {}", "greetings from {}", "{} is beautiful", "a day at {}",
        "back at {} !",
        "{} right now", "I miss {}", "love {}", "{} this morning", "what a view , {}", "exploring {}",
    ]

    /// What a caption may be led in by.
    static let leads = [
        "Photo :", "Look :", "Best shot ever :", "Today :", "WATCH :", "VIDEO :", "Just in :", "Love this :", "Wow !",
        "lol", "OMG", "So", "This morning", "When", "Throwback :", "PHOTO :", "Caught on camera :", "Yes !",
    ]

    /// What may stand behind.
    static let tails = [
        "!", "! !", ". . .", "lol", "so cool", "love it", "today", "again", "this morning", "right now", "what a day",
        "amazing", "too cute", "# love", "# photo", "# fun", "# nofilter", "# weekend", "# tbt", "# photography",
        "# life",
        "# happy", "# outdoors", "# nature", "# instagood",
    ]

    /// Pictographs, one word each as the data sets have them.
    static let emoji = ["😂", "❤", "😍", "🔥", "🙌", "👏", "😊", "💕", "😭", "🎉", "👍", "☀", "🙏", "💙", "😎", "✨"]

    /// Words around names of people who are spoken of and not shown.
    static let absentPeople = [
        "via @ {}", "thanks to {}", "says {}", "photo by {}", "by {}", "cc @ {}", "h / t {}", "according to {}", "- {}",
        "thank you @ {}", "wish {} was here", "tweeted by {}", "( photo : {} )", "miss you {}", "for {}", "dm me {}",
        "# {}", "~ {}", "hey @ {}", "as {} would say", "courtesy of {}", "better than {}", "song by {}",
    ]

    /// The same for places.
    static let absentPlaces = [
        "in # {}", "in {}", "# {}", "from {}", ", {}", "back in {}", "live from {}", "near {}", "# {}",
        "in {} , I guess",
        "on the way to {}", "not in {} though", "{} next", "made in {}",
    ]

    /// The same for organisations.
    static let absentOrganizations = [
        "via @ {}", "# {}", "thanks @ {}", "on {}", "for {}", "reports {}", "@ {}", "read more at {}", "says {}",
        "sponsored by {}", "seen on {}", "# {}", "by {}", "go {} !", "follow @ {}",
    ]

    /// The same for events, works and products.
    static let absentThings = [
        "# {}", "before {}", "watching {} later", "waiting for {}", "since {}", "like in {}", "# {}", "ready for {}",
        "sent from my {}", "listening to {}", "after {}", "no {} today", "tonight : {}",
    ]

    /// A made-up handle.
    static func handle(using random: inout SeededGenerator) -> String {
        var handle = ""
        for _ in 0..<Int.random(in: 2...4, using: &random) {
            handle += syllables.randomElement(using: &random) ?? ""
        }
        if Bool.random(using: &random) { handle = handle.prefix(1).uppercased() + handle.dropFirst() }
        if random.uniform() < 0.3 { handle += String(Int.random(in: 1...99, using: &random)) }
        return handle
    }

    /// A made-up shortened link.
    static func link(using random: inout SeededGenerator) -> String {
        var link = "https://t.co/"
        for _ in 0..<10 { link.append(signs.randomElement(using: &random) ?? "a") }
        return link
    }

    private static let signs = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    private static let syllables = [
        "ba", "co", "di", "fan", "go", "ha", "jo", "ka", "li", "mar", "ne", "or", "pet", "qui", "ra", "sol", "ti", "un",
        "vi", "wil", "xo", "ya", "zen", "news", "daily", "the", "real", "kid", "sun", "lee",
    ]
}
