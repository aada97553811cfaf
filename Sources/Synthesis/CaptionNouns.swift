/// What a caption's noun speaks of.
struct CaptionNoun: Sendable, Equatable {
    enum Kind: String, Sendable, Equatable {
        case man, boy, woman, girl, person, child
        case animal, vehicle, thing
        case scenery, building, shop, clothing
        /// Counts its complement: "a group of dogs".
        case group
        /// A crew that plays or performs together: "a team".
        case team
    }

    /// The noun in the singular, as the table has it.
    package var name: String
    var kind: Kind
    /// COCO classes that detectors give it; empty for what COCO does not know.
    var coco: [Int]
    var isPlural: Bool
    /// What kind of surroundings a scenery noun is a part of; pictures of one are no pictures of another.
    var scene: Scene?

    enum Scene: String, Sendable { case beach, water, snow, mountain, green, city, sport, indoor }

    var isPerson: Bool {
        switch kind {
        case .man, .boy, .woman, .girl, .person, .child: true
        default: false
        }
    }
    var isChild: Bool { kind == .boy || kind == .girl || kind == .child }
    var isMale: Bool { kind == .man || kind == .boy }
    var isFemale: Bool { kind == .woman || kind == .girl }
}

/// The nouns that captions of everyday photographs are made of.
enum CaptionNouns {
    /// Class numbers of four-legged animals and birds, which detectors often take for one another.
    static let animals = 16...25

    /// The noun that begins at a word of a caption in lower case, and of how many words it is.
    static func noun(in words: [String], at place: Int) -> (noun: CaptionNoun, length: Int)? {
        if place + 1 < words.count, let noun = lookup["\(words[place]) \(words[place + 1])"] { return (noun, 2) }
        return lookup[words[place]].map { ($0, 1) }
    }

    static let lookup: [String: CaptionNoun] = {
        var lookup: [String: CaptionNoun] = [:]
        for (kind, coco, scene, words) in table {
            for entry in words.split(separator: " ") {
                let forms = entry.split(separator: "/").map { String($0).replacing("_", with: " ") }
                let name = forms[0]
                let plural = forms.count > 1 ? forms[1] : name + "s"
                lookup[name] = CaptionNoun(name: name, kind: kind, coco: coco, isPlural: false, scene: scene)
                lookup[plural] = CaptionNoun(
                    name: name, kind: kind, coco: coco, isPlural: plural != name, scene: scene)
            }
        }
        return lookup
    }()

    /// Kind, COCO classes, scene, and nouns: the singular, with the plural behind a stroke where it is irregular.
    private static let table: [(CaptionNoun.Kind, [Int], CaptionNoun.Scene?, String)] = [
        (
            .man, [1], nil,
            """
            man/men guy gentleman/gentlemen male cowboy policeman/policemen fireman/firemen fisherman/fishermen \
            businessman/businessmen groom father dad grandfather
            """
        ),
        (.boy, [1], nil, "boy"),
        (
            .woman, [1], nil,
            "woman/women lady/ladies female bride mother mom grandmother businesswoman/businesswomen ballerina"
        ),
        (.girl, [1], nil, "girl cheerleader"),
        (
            .person, [1], nil,
            """
            person/people individual rider biker motorcyclist cyclist bicyclist skier surfer windsurfer hiker climber \
            snowboarder skateboarder skater rollerblader runner jogger dancer musician performer worker artist swimmer \
            driver kayaker canoeist rower catcher pitcher batter golfer singer guitarist drummer boxer wrestler athlete \
            teenager teen racer wakeboarder diver waiter chef officer soldier lifeguard gymnast acrobat clown photographer \
            student vendor pedestrian player goalie goalkeeper quarterback mountain_biker rock_climber soccer_player \
            football_player basketball_player tennis_player baseball_player hockey_player rugby_player bmx_biker \
            bike_rider construction_worker police_officer street_performer adult tourist traveler hunter farmer unicyclist
            """
        ),
        (.child, [1], nil, "child/children toddler baby/babies kid infant youngster"),
        (
            .team, [1], nil,
            """
            team band choir orchestra soccer_team football_team baseball_team basketball_team hockey_team marching_band \
            rugby_team
            """
        ),
        (.group, [], nil, "group pack herd flock bunch crowd"),
        (
            .animal, [18], nil,
            """
            dog puppy/puppies poodle greyhound beagle terrier collie retriever husky/huskies dachshund bulldog corgi \
            doberman labrador shepherd dalmatian pitbull rottweiler spaniel chihuahua mutt pup hound golden_retriever \
            german_shepherd border_collie
            """
        ),
        (.animal, [17], nil, "cat kitten"),
        (.animal, [19], nil, "horse pony/ponies"),
        (.animal, [20], nil, "sheep/sheep lamb"),
        (.animal, [21], nil, "cow bull calf/calves"),
        (.animal, [22], nil, "elephant"),
        (.animal, [23], nil, "bear"),
        (.animal, [24], nil, "zebra"),
        (.animal, [25], nil, "giraffe"),
        (.animal, [16], nil, "bird duck goose/geese swan pigeon seagull parrot eagle hawk owl turkey chicken crane"),
        (.animal, [], nil, "goat deer/deer camel tiger monkey rabbit llama lion fish/fish dolphin turtle"),
        (.vehicle, [2], nil, "bicycle mountain_bike bmx_bike"),
        (.vehicle, [2, 4], nil, "bike"),
        (.vehicle, [4], nil, "motorcycle motorbike dirt_bike"),
        (.vehicle, [3], nil, "car jeep taxi race_car"),
        (.vehicle, [3, 8], nil, "van"),
        (.vehicle, [5], nil, "airplane plane jet"),
        (.vehicle, [6], nil, "bus/buses"),
        (.vehicle, [7], nil, "train"),
        (.vehicle, [8], nil, "truck firetruck fire_truck pickup"),
        (.vehicle, [9], nil, "boat canoe kayak sailboat ship raft"),
        (.thing, [13], nil, "stop_sign"),
        (.thing, [15], nil, "bench/benches"),
        (.thing, [27], nil, "backpack"),
        (.thing, [28], nil, "umbrella parasol"),
        (.thing, [31], nil, "purse handbag"),
        (.thing, [33], nil, "suitcase"),
        (.thing, [34], nil, "frisbee disc"),
        (.thing, [36, 41], nil, "snowboard"),
        (.thing, [37], nil, "ball soccer_ball tennis_ball basketball beach_ball"),
        (.thing, [38], nil, "kite"),
        (.thing, [39], nil, "baseball_bat"),
        (.thing, [41], nil, "skateboard"),
        (.thing, [42], nil, "surfboard"),
        (.thing, [43], nil, "tennis_racket"),
        (.thing, [44], nil, "bottle beer"),
        (.thing, [62], nil, "chair"),
        (.thing, [63], nil, "couch/couches sofa"),
        (.thing, [65], nil, "bed"),
        (.thing, [67], nil, "table"),
        (.thing, [72], nil, "television"),
        (.thing, [73], nil, "laptop"),
        (.thing, [77], nil, "cellphone phone cell_phone"),
        (.thing, [84], nil, "book"),
        (.thing, [88], nil, "teddy_bear stuffed_animal"),
        (.thing, [], nil, "guitar camera statue flag balloon sculpture poster painting scooter sled"),
        (.scenery, [], .beach, "beach/beaches ocean sea shore coast pier island"),
        (.scenery, [], .water, "lake river pond creek waterfall harbor"),
        (.scenery, [], .snow, "glacier ski_slope"),
        (.scenery, [], .mountain, "mountain cliff canyon valley hill desert"),
        (.scenery, [], .green, "park field forest woods/woods garden meadow farm playground trail"),
        (.scenery, [], .city, "street city/cities road town plaza square sidewalk bridge alley market city_street"),
        (.scenery, [], .sport, "stadium arena racetrack skatepark skate_park soccer_field baseball_field tennis_court"),
        (.building, [], .city, "building church/churches castle tower museum temple school monument cathedral house"),
        (.shop, [], .city, "store shop restaurant cafe hotel bar"),
        (
            .clothing, [], nil,
            "shirt jersey t-shirt tshirt uniform/uniforms jacket hat cap sweater sweatshirt hoodie vest helmet"
        ),
    ]

    /// Words that tell of a scene without being a place that has a name.
    static let scenes: [(CaptionNoun.Scene, Set<String>)] = [
        (.beach, ["sand", "sandy", "waves", "wave", "surf", "surfing", "shoreline", "seaside"]),
        (.water, ["water", "stream", "swimming", "pool", "canoe", "kayak", "boat", "raft", "rowing", "puddle"]),
        (.snow, ["snow", "snowy", "ice", "icy", "skiing", "skis", "ski", "snowboard", "sled", "snow-covered"]),
        (.mountain, ["rock", "rocks", "rocky", "climbing", "mountains", "cliff", "hills", "mountainside", "hillside"]),
        (
            .green,
            ["grass", "grassy", "lawn", "tree", "trees", "yard", "leaves", "backyard", "wooded", "path", "flowers"]
        ),
        (.city, ["buildings", "crosswalk", "traffic", "urban", "streets", "pavement", "shops", "brick", "cars"]),
        (.sport, ["court", "track", "ring", "race", "game", "crowd", "soccer", "football", "baseball", "tennis"]),
        (.indoor, ["room", "couch", "bed", "kitchen", "floor", "carpet", "table", "indoors", "inside", "rug"]),
    ]
}
