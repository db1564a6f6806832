package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// How many entries of a large tree are proved one by one; a small one is proved whole.
	mostProved = 1500
)

// A mirror is a copy of what a log published, and of what it gave out beside that.
type mirror struct {
	folder    string
	verifiers note.Verifiers
	trees     []tlog.Tree // one for each checkpoint, smallest first
	tiles     map[string]bool
	entries   [][]byte
	hashes    []tlog.Hash
}

func (m *mirror) newest() tlog.Tree { return m.trees[len(m.trees)-1] }

func (m *mirror) reader(tree tlog.Tree) tlog.HashReader { return tlog.TileHashReader(tree, m) }

func (m *mirror) read(parts ...string) ([]byte, error) {
	return os.ReadFile(filepath.Join(append([]string{m.folder}, parts...)...))
}

func (m *mirror) names(kind string) ([]string, error) {
	files, err := os.ReadDir(filepath.Join(m.folder, kind))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		names = append(names, file.Name())
	}
	return names, nil
}

// Height, ReadTiles and SaveTiles make a mirror a tlog.TileReader.
func (m *mirror) Height() int { return tileHeight }

func (m *mirror) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// tlog-tiles leaves the height out of the address: it is always 8.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := m.read(path)
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", path, len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

// SaveTiles is told of tiles that were found to belong to the signed tree.
func (m *mirror) SaveTiles(tiles []tlog.Tile, _ [][]byte) {
	if m.tiles == nil {
		m.tiles = map[string]bool{}
	}
	for _, tile := range tiles {
		m.tiles[tile.Path()] = true
	}
}

func (m *mirror) readCheckpoints() error {
	names, err := m.names("checkpoints")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := m.read("checkpoints", name)
		if err != nil {
			return err
		}
		tree, err := m.openCheckpoint(data)
		if err != nil {
			return fmt.Errorf("checkpoint %s: %w", name, err)
		}
		m.trees = append(m.trees, tree)
	}
	if len(m.trees) == 0 {
		return fmt.Errorf("no checkpoint")
	}
	sort.Slice(m.trees, func(i, j int) bool { return m.trees[i].N < m.trees[j].N })
	fmt.Println("checkpoints", len(m.trees))
	return nil
}

func (m *mirror) openCheckpoint(data []byte) (tlog.Tree, error) {
	opened, err := note.Open(data, m.verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, fmt.Errorf("not three lines that begin with the name of the log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// checkTiles reads every hash of every tree out of the tiles of its size, partial ones included.
func (m *mirror) checkTiles() error {
	for _, tree := range m.trees {
		indexes := make([]int64, tree.N)
		for n := range indexes {
			indexes[n] = tlog.StoredHashIndex(0, int64(n))
		}
		hashes, err := m.reader(tree).ReadHashes(indexes)
		if err != nil {
			return fmt.Errorf("tiles of size %d: %w", tree.N, err)
		}
		root, err := tlog.TreeHash(tree.N, m.reader(tree))
		if err != nil || root != tree.Hash {
			return fmt.Errorf("root of size %d: %v, %v", tree.N, root, err)
		}
		m.hashes = hashes
	}
	fmt.Println("tiles", len(m.tiles))
	return nil
}

// checkEntries reads every bundle of entries and hashes each entry itself.
func (m *mirror) checkEntries() error {
	size := m.newest().N
	for first := int64(0); first < size; first += tileWidth {
		tile := tlog.Tile{H: tileHeight, L: 0, N: first / tileWidth, W: tileWidth}
		if size-first < tileWidth {
			tile.W = int(size - first)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := m.read(path)
		if err != nil {
			return err
		}
		for len(data) >= 2 {
			length := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+length {
				return fmt.Errorf("%s is cut short", path)
			}
			m.entries = append(m.entries, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 || int64(len(m.entries)) != first+int64(tile.W) {
			return fmt.Errorf("%s holds the wrong number of entries", path)
		}
	}
	for n, entry := range m.entries {
		if tlog.RecordHash(entry) != m.hashes[n] {
			return fmt.Errorf("entry %d is not the one in the tree", n)
		}
	}
	fmt.Println("entries", len(m.entries))
	return nil
}
