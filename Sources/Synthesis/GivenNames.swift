/// Which names are men's and which are women's, as far as they say so, so that "a woman" is not called after a man.
enum GivenNames {
    /// By the first word that tells; `nil` where none does.
    static func isMale(_ words: [String]) -> Bool? {
        for word in words.prefix(2) {
            let word = word.lowercased()
            if men.contains(word) { return true }
            if women.contains(word) { return false }
        }
        return nil
    }

    private static let men = Set(
        """
        aaron abraham adam adrian ahmed al alan albert alec alexander alfred ali allen andre andrew andy anthony antoine \
        antonio archbishop arthur barack ben benjamin bernie bill billy bob bobby boris brad bradley brandon brian bruce \
        bruno bryan bryce caleb calvin cardinal carl carlos carmelo charles charlie chris christopher chuck clint colin \
        conor corey craig cristiano dan daniel danny dave david dean dennis derek derrick dirk donald doug drake draymond \
        dwight dwyane dylan ed eddie edward elijah elon elvis emmanuel eric ernest ethan evan father francis francesco frank \
        fred gareth gary gene george gerard gordon greg harrison harry harvey henry howard hugh ian iker isaac isaiah ivan \
        jack jacob jaden jake james jameis jared jason javier jay jeff jeffrey jeremy jerry jesse jesus jim jimmy joe joel \
        john johnny jon jonathan jordan jorge jose joseph josh joshua juan julius justin kanye keith kendrick kenneth kevin \
        king klay kobe kurt kyle kylian kyrie lance larry lebron leo leonard leonardo lewis liam lil lionel logan lord louis \
        luis luke manuel marc marco marcus mario mark martin matt matthew max michael miguel mike mohamed morgan mr muhammad \
        nate nathan neil nelson neymar niall nicholas nick nigel noah noam nolan obama odin oliver oscar patrick paul pele pep \
        pete peter peyton phil philip pope prince putin rafael ralph randy ray rex ricardo richard rick ricky rob robert robin \
        rodrigo roger ron ronald ronaldo rory roy russell ryan sam samuel scott sean sebastian sergio seth shah shane shaun \
        shawn simon sir snoop spencer stan stanley stephen steph steve steven stuart suleiman ted terry theo thomas tiger tim \
        timothy tom tommy tony travis trevor trump tyler tyson usher vince virat vladimir walter warren wayne will william \
        xavi zac zach zayn zlatan messi bieber rooney beckham kd realdonaldtrump justinbieber
        """.split(separator: " ").map(String.init))

    private static let women = Set(
        """
        abigail adele agnes aisha alexandra alexa alice alicia alison alli amanda amber amelia amy ana andrea angela angelina \
        angie anita ann anna anne annie aretha ariana ashley audrey avril barbara becky bella bette betty beyonce beyoncé bey \
        britney brittany camila carly caroline carrie catherine cate celine charlotte chelsea cher chloe christina cindy \
        claire clara claudia courtney dakota daisy debbie deborah demi diana diane dolly donna dorothy elena elizabeth ella \
        ellen ellie emilia emily emma erica erin eva eve evelyn fiona florence gabriela gigi gina gloria grace greta gwen \
        hailey halsey hannah heather heidi helen hilary hillary hillaryclinton ida iggy irene isabel isabella ivanka jackie \
        jada jane janet janelle jasmine jean jenna jennie jennifer jenny jess jessica jessie jlo joan joanna jodie joss joyce \
        julia julianne julie karen kate katherine kathy katie katy katyperry kaley keira kelly kendall kerry kesha khloe kim \
        kourtney kristen kylie lady lana laura lauren leah lena lily linda lindsay lindsey lisa lorde loretta louise lucy \
        madison madonna maggie malia malala margaret margot maria mariah marian marianne marilyn martha mary megan meghan \
        megyn melania melissa meryl michelle mila miley miranda miss molly monica mother mrs ms nancy naomi natalie nicki \
        nicole nina olivia oprah pamela paris patricia perrie pippa princess queen rachel rebecca rihanna rita robyn ronda \
        rosa rose rosie ruth sally samantha sandra sara sarah sasha scarlett selena serena shakira sharon shea sheila sofia \
        sophia sophie stella susan suzanne tatyana taylor taylorswift teresa theresa tina toni tyra vanessa venus victoria \
        viola whitney wendy winona yoko zendaya zoe
        """.split(separator: " ").map(String.init))
}
