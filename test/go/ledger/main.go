// Command ledger verifies an exported ledger with the Go project's own packages for signed notes and
// transparency logs, and shares no line with the code that made it.
//
//	ledger DIR KEY [PROOFS]
//
// DIR is an export in the layout of c2sp.org/tlog-tiles, KEY the verifier key of its log, and PROOFS a
// JSON file of inclusion and consistency proofs to be checked against the same checkpoint.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

type proofs struct {
	Inclusion []struct {
		Index  int64
		Entry  []byte
		Hashes [][]byte
	}
	Consistency []struct {
		First  int64
		Root   []byte
		Hashes [][]byte
	}
}

// hashes are the stored hashes of the tree, in the order that tlog gives them.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = h[index]
	}
	return found, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: ledger DIR KEY [PROOFS]")
		os.Exit(2)
	}
	said, err := verify(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(said)
}

func verify(dir, key string, proofFiles []string) (string, error) {
	tree, err := openCheckpoint(dir, key)
	if err != nil {
		return "", err
	}
	stored, err := readEntries(dir, tree.N)
	if err != nil {
		return "", err
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return "", err
	}
	if root != tree.Hash {
		return "", errors.New("the entries have another root than the checkpoint")
	}
	tiles := tlog.NewTiles(tileHeight, 0, tree.N)
	for _, tile := range tiles {
		if err := checkTile(dir, tile, stored); err != nil {
			return "", err
		}
	}
	said := fmt.Sprintf("%d entries, %d tiles", tree.N, len(tiles))
	for _, file := range proofFiles {
		checked, err := checkProofs(file, tree)
		if err != nil {
			return "", err
		}
		said += ", " + checked
	}
	return said, nil
}

func openCheckpoint(dir, key string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	// tlog.ParseTree knows the first line of one log only, so that the three lines are read here.
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tree, errors.New("the checkpoint is not three lines under the name of the log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func readEntries(dir string, size int64) (hashes, error) {
	var stored hashes
	for index := int64(0); index < size; {
		width := min(256, size-index)
		tile := tlog.Tile{H: tileHeight, L: -1, N: index / 256, W: int(width)}
		bundle, err := os.ReadFile(filepath.Join(dir, pathOf(tile)))
		if err != nil {
			return nil, err
		}
		for range width {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends too early", pathOf(tile))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			added, err := tlog.StoredHashes(index, bundle[2:end], stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, added...)
			bundle = bundle[end:]
			index++
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s is too long", pathOf(tile))
		}
	}
	return stored, nil
}

func checkTile(dir string, tile tlog.Tile, stored hashes) error {
	want, err := tlog.ReadTileData(tile, stored)
	if err != nil {
		return err
	}
	held, err := os.ReadFile(filepath.Join(dir, pathOf(tile)))
	if err != nil {
		return err
	}
	if !bytes.Equal(want, held) {
		return fmt.Errorf("%s holds other hashes than its entries have", pathOf(tile))
	}
	return nil
}

// pathOf drops the height from tlog's path, and names bundles of entries as c2sp.org/tlog-tiles does.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if rest, isData := strings.CutPrefix(path, "data/"); isData {
		return "tile/entries/" + rest
	}
	return "tile/" + path
}

func checkProofs(file string, tree tlog.Tree) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var all proofs
	if err := json.Unmarshal(text, &all); err != nil {
		return "", err
	}
	for _, proof := range all.Inclusion {
		path, err := toHashes(proof.Hashes)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(path, tree.N, tree.Hash, proof.Index, tlog.RecordHash(proof.Entry)); err != nil {
			return "", fmt.Errorf("inclusion of %d: %w", proof.Index, err)
		}
	}
	for _, proof := range all.Consistency {
		path, err := toHashes(append(proof.Hashes, proof.Root))
		if err != nil {
			return "", err
		}
		last := len(path) - 1
		if err := tlog.CheckTree(path[:last], tree.N, tree.Hash, proof.First, path[last]); err != nil {
			return "", fmt.Errorf("consistency with %d: %w", proof.First, err)
		}
	}
	return fmt.Sprintf("%d inclusions, %d consistencies", len(all.Inclusion), len(all.Consistency)), nil
}

func toHashes(raw [][]byte) ([]tlog.Hash, error) {
	converted := make([]tlog.Hash, len(raw))
	for i, each := range raw {
		if copy(converted[i][:], each) != tlog.HashSize || len(each) != tlog.HashSize {
			return nil, errors.New("a hash is not 32 bytes long")
		}
	}
	return converted, nil
}
