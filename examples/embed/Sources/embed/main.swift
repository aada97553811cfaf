import Grounding

// embed TEXT [PICTURE]: a line for each entity, and where the picture shows it.
let arguments = CommandLine.arguments
guard 2...3 ~= arguments.count else { fatalError("usage: embed TEXT [PICTURE]") }

let session = try GroundingModel.shipped().makeSession()
let picture = arguments.count == 3 ? Picture.file(arguments[2]) : nil
for entity in try session.ground(Post(arguments[1], picture: picture)) {
    let place =
        entity.box.map { "at \(Int($0.x1)),\(Int($0.y1)) to \(Int($0.x2)),\(Int($0.y2))" } ?? "not in the picture"
    print(entity.name, entity.type, place, separator: "\t")
}
