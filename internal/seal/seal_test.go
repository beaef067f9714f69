package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

func testKeys(t testing.TB, seed string) *Keys {
	t.Helper()
	k, err := New([]byte((seed + strings.Repeat("0123456789abcdef", 2))[:KeySize]))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestADataKeyMustBe32RandomBytes(t *testing.T) {
	for name, key := range map[string][]byte{
		"none": nil, "short": make([]byte, 31), "long": bytes.Repeat([]byte("ab"), 17), "zeros": make([]byte, 32),
		"one byte repeated": bytes.Repeat([]byte{7}, 32),
	} {
		if _, err := New(key); !errors.Is(err, ErrKey) {
			t.Errorf("%s: got %v, want ErrKey", name, err)
		}
	}
}

func TestHashesDependOnKeyPurposeAndInput(t *testing.T) {
	a, b := testKeys(t, "a"), testKeys(t, "b")
	one, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for name, hash := range map[string][]byte{
		"identity":            a.IdentityHash(one),
		"identity, other key": b.IdentityHash(one),
		"object":              a.ObjectHash(one.Reveal()),
		"digest":              a.Digest([]byte(one.Reveal())),
		"digest, other text":  a.Digest([]byte("x")),
		"digest, other key":   b.Digest([]byte(one.Reveal())),
	} {
		if len(hash) != 32 {
			t.Errorf("%s: got %d bytes, want 32", name, len(hash))
		}
		if other, ok := seen[string(hash)]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[string(hash)] = name
	}
	if !bytes.Equal(a.IdentityHash(one), testKeys(t, "a").IdentityHash(one)) {
		t.Error("the same key gives another hash after a restart")
	}
	if got := a.AppendObjectHash([]byte("x"), "o"); !bytes.Equal(got[1:], a.ObjectHash("o")) {
		t.Error("AppendObjectHash and ObjectHash differ")
	}
	if bytes.Equal(a.Fingerprint(), b.Fingerprint()) || len(a.Fingerprint()) != 16 {
		t.Error("fingerprints must be 16 bytes and differ")
	}
}

func TestDocumentIdentifiersHaveTheFormOfAddresses(t *testing.T) {
	k := testKeys(t, "a")
	first, second := k.DocumentID("1.2.246.10.1"), k.DocumentID("1.2.246.10.2")
	for _, id := range []record.DocumentID{first, second} {
		if _, err := record.ParseDocumentID(string(id)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if first == second {
		t.Error("two sets share an identifier")
	}
}

func TestWhatWasSealedOpensUnchanged(t *testing.T) {
	k := testKeys(t, "a")
	long := []byte(strings.Repeat(`{"otsikko":"päätös"}`, 500))
	for name, plain := range map[string][]byte{"empty": {}, "short": []byte("lyhyt"), "long": long} {
		sealed := k.Seal(plain, "entry:1")
		got, err := k.Open(sealed, "entry:1")
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: opened to %d bytes, %v; want %d", name, len(got), err, len(plain))
		}
		if len(plain) > 0 && bytes.Contains(sealed, plain) {
			t.Errorf("%s: the text stands in the blob", name)
		}
	}
	if got := len(k.Seal(long, "")); got > len(long)/10 {
		t.Errorf("a repetitive text takes %d of %d bytes: not compressed", got, len(long))
	}
	if bytes.Equal(k.Seal(long, ""), k.Seal(long, "")) {
		t.Error("sealing twice gave the same blob: the nonce repeats")
	}
}

func TestSealedBlobsAreRefusedWhenAnythingDiffers(t *testing.T) {
	k := testKeys(t, "a")
	for _, plain := range []string{"lyhyt", strings.Repeat("pitkä ", 100)} {
		sealed := k.Seal([]byte(plain), "entry:1")
		if _, err := testKeys(t, "b").Open(sealed, "entry:1"); !errors.Is(err, ErrSealed) {
			t.Errorf("another key: got %v, want ErrSealed", err)
		}
		if _, err := k.Open(sealed, "entry:2"); !errors.Is(err, ErrSealed) {
			t.Errorf("another context: got %v, want ErrSealed", err)
		}
		for i := range sealed {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1
			if _, err := k.Open(changed, "entry:1"); !errors.Is(err, ErrSealed) {
				t.Errorf("byte %d changed: got %v, want ErrSealed", i, err)
			}
			if _, err := k.Open(sealed[:i], "entry:1"); !errors.Is(err, ErrSealed) {
				t.Errorf("cut at %d: got %v, want ErrSealed", i, err)
			}
		}
	}
}

// The construction is the published one: these are the test vectors of its specification.
func TestSealingIsXAES256GCM(t *testing.T) {
	for _, v := range []struct{ key, additional, want string }{
		{"\x01", "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{"\x03", "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		b, err := newBox([]byte(strings.Repeat(v.key, 32)))
		if err != nil {
			t.Fatal(err)
		}
		nonce := []byte("ABCDEFGHIJKLMNOPQRSTUVWX")
		gcm, err := b.aead(nonce)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(gcm.Seal(nil, nonce[12:], []byte("XAES-256-GCM"), []byte(v.additional))); got != v.want {
			t.Errorf("key %q: got %s, want %s", v.key, got, v.want)
		}
	}
}

func FuzzOpenNeverPanicsNorAcceptsForeignBytes(f *testing.F) {
	k, text := testKeys(f, "a"), []byte(strings.Repeat("teksti ", 50))
	sealed := k.Seal(text, "c") // differs in each worker process, so texts are compared and not blobs
	f.Add(sealed)
	f.Add(sealed[:overhead])
	f.Add([]byte{formatOne})
	f.Fuzz(func(t *testing.T, blob []byte) {
		if got, err := k.Open(blob, "c"); err == nil && !bytes.Equal(got, text) {
			t.Error("bytes that were never sealed were opened")
		}
	})
}

func BenchmarkSealAnEvent(b *testing.B) {
	k, plain := testKeys(b, "a"), bytes.Repeat([]byte("x7"), 75)
	b.ReportAllocs()
	for b.Loop() {
		k.Seal(plain, "event")
	}
}

func BenchmarkObjectHash(b *testing.B) {
	k, buf := testKeys(b, "a"), make([]byte, 0, 32)
	b.ReportAllocs()
	for b.Loop() {
		k.AppendObjectHash(buf, "set:1.2.246.10.9999901.11.2024.17")
	}
}
