package main

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1"

// proveEntries makes inclusion proofs out of our tiles and checks them against the signed roots.
func (m *mirror) proveEntries() error {
	proved := 0
	for _, tree := range m.trees {
		for n := int64(0); n < tree.N; n += 1 + tree.N/mostProved {
			proof, err := tlog.ProveRecord(tree.N, n, m.reader(tree))
			if err != nil {
				return fmt.Errorf("entry %d of %d: %w", n, tree.N, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, m.hashes[n]); err != nil {
				return fmt.Errorf("entry %d of %d: %w", n, tree.N, err)
			}
			proved++
		}
	}
	fmt.Println("inclusions", proved)
	return nil
}

// proveGrowth makes consistency proofs out of our tiles, between every two publications.
func (m *mirror) proveGrowth() error {
	proved := 0
	for at, newer := range m.trees {
		for _, older := range m.trees[:at+1] {
			proof, err := tlog.ProveTree(newer.N, older.N, m.reader(newer))
			if err != nil {
				return fmt.Errorf("%d to %d: %w", older.N, newer.N, err)
			}
			err = tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
			if err != nil {
				return fmt.Errorf("%d to %d: %w", older.N, newer.N, err)
			}
			proved++
		}
	}
	fmt.Println("growths", proved)
	return nil
}

// checkGivenGrowth checks the consistency proofs that the log itself made.
func (m *mirror) checkGivenGrowth() error {
	trees := map[string]tlog.Tree{}
	for _, tree := range m.trees {
		trees[strconv.FormatInt(tree.N, 10)] = tree
	}
	names, err := m.names("consistency")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := m.read("consistency", name)
		if err != nil {
			return err
		}
		proof, err := parseHashes(strings.Fields(string(data)))
		if err != nil {
			return fmt.Errorf("consistency %s: %w", name, err)
		}
		sizes := strings.Split(name, "-")
		older, newer := trees[sizes[0]], trees[sizes[1]]
		err = tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
		if err != nil {
			return fmt.Errorf("consistency %s: %w", name, err)
		}
	}
	fmt.Println("consistencies", len(names))
	return nil
}

// checkReceipts checks the tlog-proof of each receipt against the entry that the log published.
func (m *mirror) checkReceipts() error {
	names, err := m.names("receipts")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := m.read("receipts", name)
		if err != nil {
			return err
		}
		if err := m.checkReceipt(string(data)); err != nil {
			return fmt.Errorf("receipt %s: %w", name, err)
		}
	}
	fmt.Println("receipts", len(names))
	return nil
}

func (m *mirror) checkReceipt(text string) error {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(lines) < 2 || lines[0] != proofHeader {
		return fmt.Errorf("no tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := parseHashes(lines[2:])
	if err != nil {
		return err
	}
	tree, err := m.openCheckpoint([]byte(parts[1]))
	if err != nil {
		return err
	}
	if index >= int64(len(m.entries)) {
		return fmt.Errorf("entry %d was not published", index)
	}
	hash := tlog.RecordHash(m.entries[index])
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, hash); err != nil {
		return err
	}
	return m.beginsNewest(tree)
}

// beginsNewest checks that the tree a receipt was signed for is the beginning of the newest one.
func (m *mirror) beginsNewest(tree tlog.Tree) error {
	newest := m.newest()
	proof, err := tlog.ProveTree(newest.N, tree.N, m.reader(newest))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newest.N, newest.Hash, tree.N, tree.Hash)
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	hashes := []tlog.Hash{}
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}
