/// Which ends of a host name make a link of it where no `http://` says so.
///
/// Feeds leave out the space behind a full stop, and then `Chicago.with/without` has the form of a link. So only real
/// domains count, and of the many hundred generic ones those that are no everyday words: a link that is missed is read as
/// words, but a name that is taken for a link is lost.
enum TopLevelDomains {
    /// Whether a path or an `@` beside the name makes it a link: two letters of a country, or a generic domain. Links are
    /// in lower case; a capital begins a sentence.
    static func isKnown(_ label: String) -> Bool {
        (label.utf8.count == 2 ? countries : generic).contains(label)
    }

    /// Whether the name is a link by itself; most domains are words as well.
    static func standsAlone(_ label: String) -> Bool { alone.contains(label.lowercased()) }

    private static let alone: Set<String> = ["com", "org", "net", "edu", "gov", "info", "biz", "tv", "uk"]

    private static let generic = Set(
        """
        com org net edu gov mil int info biz aero arpa asia cat coop jobs mobi museum name pro tel travel xxx \
        academy agency app art bar berlin blog cafe cloud club codes community dev digital email events expert fans \
        gallery global guru host institute link london ltd marketing media moe movie network news ninja nyc online \
        page photo photography photos pics pub reviews rocks run shop site social software solutions space store \
        studio systems tech technology tips tokyo tools top video vip web website wiki xyz zone
        """.split(separator: " ").map(String.init))

    /// ISO 3166's codes, and what stands beside them for historical reasons.
    private static let countries = Set(
        """
        ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz \
        ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo fr \
        ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp \
        ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt \
        mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw \
        sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua \
        ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
        """.split(separator: " ").map(String.init))
}
