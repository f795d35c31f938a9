// Verifies a published ledger with code that nobody here wrote: golang.org/x/mod/sumdb's note and
// tlog. Signature, every tile, every leaf, the root, an inclusion proof of each record, and a
// consistency proof from each head that is kept.
//
//	verify PUBLIC-FOLDER VKEY[,VKEY...] [PROOF.tlog-proof ...]
//
// Several keys are those that the log had, one after the other.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error, what string) {
	if err != nil {
		fmt.Printf("WRONG %s: %v\n", what, err)
		os.Exit(1)
	}
}

func must(ok bool, what string) {
	if !ok {
		check(fmt.Errorf("does not hold"), what)
	}
}

// files reads tiles as tlog-tiles names them: without the height that x/mod puts in.
type files struct{ folder string }

func (f files) Height() int                             { return 8 }
func (f files) SaveTiles(tiles []tlog.Tile, _ [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, name))
		if err != nil {
			full := tile
			full.W = 256
			name = strings.Replace(full.Path(), "tile/8/", "tile/", 1)
			if data, err = os.ReadFile(filepath.Join(f.folder, name)); err != nil {
				return nil, err
			}
			data = data[:32*tile.W]
		}
		all = append(all, data)
	}
	return all, nil
}

func open(text []byte, vkey string) tlog.Tree {
	var verifiers []note.Verifier
	for _, one := range strings.Split(vkey, ",") {
		verifier, err := note.NewVerifier(one)
		check(err, "vkey")
		verifiers = append(verifiers, verifier)
	}
	signed, err := note.Open(text, note.VerifierList(verifiers...))
	check(err, "signature")
	lines := strings.Split(signed.Text, "\n")
	must(len(lines) == 4 && lines[0] == verifiers[0].Name(), "checkpoint's lines")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "checkpoint's size")
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err, "checkpoint's root")
	must(len(root) == 32, "checkpoint's root")
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func leaves(folder string, size int64) [][]byte {
	var all [][]byte
	for int64(len(all)) < size {
		tile := tlog.Tile{H: 8, L: 0, N: int64(len(all)) / 256, W: 256}
		if size-int64(len(all)) < 256 {
			tile.W = int(size - int64(len(all)))
		}
		name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, name))
		check(err, name)
		for i := 0; i < tile.W; i++ {
			must(len(data) >= 2, name)
			n := int(binary.BigEndian.Uint16(data))
			must(len(data) >= 2+n, name)
			all, data = append(all, data[2:2+n]), data[2+n:]
		}
		must(len(data) == 0, name)
	}
	return all
}

func checkProof(file, vkey string, leaves [][]byte) {
	data, err := os.ReadFile(file)
	check(err, file)
	head, checkpoint, found := bytes.Cut(data, []byte("\n\n"))
	must(found, file)
	tree := open(checkpoint, vkey)
	lines := strings.Split(string(head), "\n")
	must(lines[0] == "c2sp.org/tlog-proof@v1", file)
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	check(err, file)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		check(err, file)
		var hash tlog.Hash
		copy(hash[:], raw)
		proof = append(proof, hash)
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaves[index])), file)
}

func main() {
	folder, vkey := os.Args[1], os.Args[2]
	text, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	check(err, "checkpoint")
	tree := open(text, vkey)
	hashes := tlog.TileHashReader(tree, files{folder})
	root, err := tlog.TreeHash(tree.N, hashes)
	check(err, "tiles")
	must(root == tree.Hash, "root")

	all := leaves(folder, tree.N)
	for i, leaf := range all {
		index := int64(i)
		stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		check(err, "tile of leaf")
		must(stored[0] == tlog.RecordHash(leaf), fmt.Sprint("hash of leaf ", i))
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		check(err, "inclusion")
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, stored[0]), "inclusion")
	}
	kept, err := filepath.Glob(filepath.Join(folder, "checkpoints", "*"))
	check(err, "checkpoints")
	for _, file := range kept {
		text, err := os.ReadFile(file)
		check(err, file)
		old := open(text, vkey)
		proof, err := tlog.ProveTree(tree.N, old.N, hashes)
		check(err, file)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), file)
	}
	for _, file := range os.Args[3:] {
		checkProof(file, vkey, all)
	}
	fmt.Printf("ok: %d records, %d kept heads, %d proofs\n", tree.N, len(kept), len(os.Args)-3)
}
