/// Closed classes of words that bound the phrases of captions.
enum CaptionWords {
    static let determiners: Set<String> = [
        "a", "an", "the", "this", "that", "his", "her", "their", "its", "one", "another", "some", "each", "these",
        "those",
    ]

    static let numbers: [String: Int] = ["one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6]

    /// Numbers that are not told: several, many.
    static let quantities: Set<String> = ["several", "many", "some", "few", "various", "multiple", "both"]

    static let prepositions: Set<String> = [
        "in", "on", "at", "with", "by", "near", "through", "over", "down", "up", "into", "onto", "across", "along",
        "from", "to", "of", "for", "under", "behind", "beside", "towards", "toward", "around", "off", "out", "next",
        "against", "between", "after", "past", "inside", "outside", "above", "beneath", "atop", "among", "during",
        "alongside", "amidst", "underneath", "about", "like", "without",
    ]

    /// What else may follow a noun: conjunctions, pronouns, adverbs, auxiliaries, marks.
    static let others: Set<String> = [
        "and", "or", "but", "while", "as", "whilst", "who", "which", "that", "is", "are", "was", "has", "have", "being",
        "there", "where", "when", "not", "also", "together", "alone", "outdoors", "indoors", "outside", "away", "back",
        ".", ",", "!", ";", ":", "(", ")", "\"", "-", "'", "’s", "'s", "it", "him", "them", "he", "she", "they",
    ]

    /// Verbs of captions in their plain form, as plural nouns are followed by them.
    static let verbs: Set<String> = [
        "run", "play", "jump", "walk", "stand", "sit", "race", "ride", "fight", "chase", "swim", "hold", "look",
        "wrestle",
        "pose", "climb", "smile", "wait", "watch", "lay", "lie", "leap", "dance", "perform", "carry", "wear", "hike",
        "cross", "talk", "enjoy", "gather", "sleep", "eat", "drink", "ski", "surf", "skate", "pull", "push", "try",
        "get",
        "go", "take", "make", "have", "rest", "relax", "compete", "practice", "splash", "wade", "bite", "kiss", "hug",
        "ran", "sat", "stood", "rode", "laugh", "work", "cycle", "paddle", "row", "sing", "roll", "dig", "fly",
    ]

    /// Nouns on -s or -ing that would pass for verbs behind a noun: "dog toys", "rock climbing".
    static let nounsLikeVerbs: Set<String> = [
        "toys", "tracks", "lights", "trees", "rocks", "legs", "paws", "bars", "boots", "shorts", "pants", "jeans",
        "shoes",
        "clothes", "glasses", "goggles", "waves", "steps", "stairs", "woods", "leaves", "flowers", "bubbles", "kings",
        "costumes", "outfits", "uniforms", "toss", "dress", "grass", "clothing", "railing", "building", "ring", "swing",
        "wing", "string", "show", "suits", "houses", "signs", "stands", "tables", "chairs", "doors", "windows",
        "gloves",
        "course", "poles", "bars", "sticks", "hats", "caps", "helmets", "wings", "ears", "eyes", "teeth", "horns",
    ]

    static let colours: Set<String> = [
        "red", "blue", "green", "yellow", "black", "white", "brown", "orange", "pink", "purple", "grey", "gray", "tan",
        "golden", "silver", "beige", "blond", "blonde", "dark", "light", "bright", "colorful", "striped", "plaid",
        "spotted",
        "cream", "multicolored", "gold", "khaki", "maroon", "neon",
    ]

    static let adjectives: Set<String> = colours.union([
        "small", "large", "big", "little", "young", "old", "older", "elderly", "tall", "short", "long", "wet", "dry",
        "muddy",
        "fluffy", "furry", "shaggy", "hairy", "curly", "muzzled", "shirtless", "bald", "bearded", "asian", "american",
        "african-american", "smiling", "happy", "lone", "single", "huge", "tiny", "fat", "thin", "skinny", "barefoot",
        "snowy", "grassy", "sandy", "rocky", "wooden", "crowded", "busy", "empty", "beautiful", "steep", "shallow",
        "deep",
        "male", "female", "dark-haired", "black-haired", "blond-haired", "dark-skinned", "homeless", "middle-aged",
        "adult", "teenage", "other", "second", "third", "different", "wild", "fast", "smaller", "larger", "bigger",
    ])

    /// What makes an "in …" behind a person a matter of dress.
    static let dress: Set<String> = colours.union([
        "shirt", "jersey", "t-shirt", "tshirt", "uniform", "uniforms", "jacket", "hat", "cap", "sweater", "sweatshirt",
        "hoodie", "vest", "helmet", "dress", "suit", "coat", "shorts", "jeans", "pants", "bikini", "swimsuit",
        "costume",
        "skirt", "outfit", "sunglasses", "glasses", "clothing", "gear", "overalls", "top", "wetsuit", "costumes",
        "dresses",
        "shirts", "jackets", "hats", "robe", "gown", "kilt", "pajamas", "trunks", "boots", "scarf", "bandanna",
        "goggles",
    ])

    /// Whether a phrase can end before this word. `nil` is the end of the caption.
    static func canFollowNoun(_ word: String?, plural: Bool) -> Bool {
        guard let word else { return true }
        if prepositions.contains(word) || others.contains(word) || determiners.contains(word) { return true }
        if nounsLikeVerbs.contains(word) || CaptionNouns.lookup[word] != nil { return false }
        if word.hasSuffix("ing") || word.hasSuffix("ed") || word.hasSuffix("ly") { return true }
        return plural ? verbs.contains(word) : word.hasSuffix("s")
    }
}
