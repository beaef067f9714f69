package mandate

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"
)

// signatureHeader carries the signature of a call (H2).
const signatureHeader = "X-AsiointivaltuudetAuthorization"

// signature is the value of the header for one request: client, time and checksum of the raw
// request target with the time. It is made anew for every call: one of five minutes ago is refused.
func signature(clientID, key, target string, at time.Time) string {
	timestamp := at.UTC().Format("2006-01-02T15:04:05Z")
	return clientID + " " + timestamp + " " + checksum(key, target, timestamp)
}

// checksum signs a target exactly as it goes over the wire: decoding it or sorting its query
// first gives another sum (H2, H14).
func checksum(key, target, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(target + " " + timestamp)) // a hash never returns an error
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// basic is RFC 2617's form, without form-escaping either part: the register stopped accepting
// escaped ones (H5).
func basic(id, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+password))
}

// newRequestID is a random UUID: each call has its own (H13).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
