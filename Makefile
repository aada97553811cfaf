# Installation. Building and testing are swift build and Tests/run.sh.
#
#   make install PREFIX=/usr/local      programs, model, man pages, completions
#   make uninstall PREFIX=/usr/local    takes away exactly these
#   make deb                            gmner_VERSION_ARCH.deb, with the same below /usr
#
# The Swift runtime is linked into the programs, so they run where no toolchain is; DESTDIR is put in front of all paths.

PREFIX = /usr/local
DESTDIR =
SCRATCH = .build-static
PROGRAMS = gmner-stream gmner
VERSION = $(shell sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/gmner-stream/About.swift)

bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share
bash = $(share)/bash-completion/completions
zsh = $(share)/zsh/site-functions
fish = $(share)/fish/vendor_completions.d
built = $(SCRATCH)/release

.PHONY: all install uninstall deb

all:
	for program in $(PROGRAMS); do \
	    swift build -c release --static-swift-stdlib --scratch-path $(SCRATCH) --product $$program || exit 1; \
	done

install: all
	install -d $(bin) $(share)/gmner/model $(share)/man/man1 $(share)/doc/gmner $(bash) $(zsh) $(fish)
	install -m 644 Sources/DefaultModel/model/* $(share)/gmner/model
	install -m 644 README.md CHANGELOG.md LICENSE $(share)/doc/gmner
	for program in $(PROGRAMS); do \
	    install -m 755 -s $(built)/$$program $(bin)/$$program && \
	    install -m 644 man/$$program.1 $(share)/man/man1 && \
	    $(built)/$$program --generate-completion-script bash > $(bash)/$$program && \
	    $(built)/$$program --generate-completion-script zsh > $(zsh)/_$$program && \
	    $(built)/$$program --generate-completion-script fish > $(fish)/$$program.fish || exit 1; \
	done

uninstall:
	for program in $(PROGRAMS); do \
	    rm -f $(bin)/$$program $(share)/man/man1/$$program.1 $(bash)/$$program $(zsh)/_$$program \
	        $(fish)/$$program.fish; \
	done
	rm -rf $(share)/gmner $(share)/doc/gmner

deb:
	sh examples/install/deb.sh "$(VERSION)"
