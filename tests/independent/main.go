// Checks a copy of the log's published files with golang.org/x/mod/sumdb, which knows nothing of On Record.
//
//	independent check VKEY FOLDER
//	independent sign KEY <TEXT
//
// FOLDER holds what was served and given out: checkpoints/SIZE (signed notes), tile/... (tlog-tiles),
// receipts/NAME (a tlog-proof each), consistency/OLD-NEW (hashes in base64, one a line).
package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "check":
		return check(args[1], args[2])
	case len(args) == 2 && args[0] == "sign":
		return sign(args[1])
	}
	return fmt.Errorf("usage: independent check VKEY FOLDER, or independent sign KEY <TEXT")
}

func check(vkey, folder string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return fmt.Errorf("verifier key: %w", err)
	}
	mirror := &mirror{folder: folder, verifiers: note.VerifierList(verifier)}
	for _, step := range []func() error{
		mirror.readCheckpoints,
		mirror.checkTiles,
		mirror.checkEntries,
		mirror.proveEntries,
		mirror.proveGrowth,
		mirror.checkGivenGrowth,
		mirror.checkReceipts,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func sign(key string) error {
	signer, err := note.NewSigner(key)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(signed)
	return err
}
