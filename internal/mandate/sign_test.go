package mandate

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

// Why it exists: one byte of another order, escape or time form makes the register refuse every
// call. The first three are published, the next five of the protocol's description (H2); the last
// two, of persons born in the 1800s, were made with openssl.
func TestChecksumsAreThoseOfTheVectors(t *testing.T) {
	const (
		published = "3ba56df8-88b8-4805-9b04-2f8e7a61"
		own       = "5f0c2b1e-0000-4000-8000-9d3e7a61c0de"
		at        = "2026-01-15T10:29:42Z"
		request   = "?requestId=7d9f3a52-4c1e-4b8a-9f60-2a1b3c4d5e6f"
		api       = "/service/hpa/api/"
		session   = "/3b1c8f1e-2222-4333-8444-55aa66bb77cc"
		theirs    = "/user/register/ed4b7ae7/080297-915A?requestId=02fd35dc-99e6-477b-b6e2-03f02cbf3666"
	)
	for _, c := range []struct{ key, target, at, want string }{
		{published, "/service/hpa" + theirs, "2017-02-09T10:29:42.09Z", "z7X+xWtrvth1L7Ql6B/4xZ0iQ1VjToWX4TnHVLo8RGo="},
		{published, "/service/hpa" + theirs, "2017-02-09T10:29:42.090000+00:00", "GeRKoGmGd0RFk33s2vNHutJf/TrEdwSM2Vb7qWXLESY="},
		{published, "/service/ypa" + theirs, "2017-02-09T10:29:42.09Z", "z1xDqaSjDwnVniJvis0SqMXeQEBtgBgzozhQqftmY9U="},
		{own, "/service/hpa/user/register/a1b2c3d4/241285-9015" + request, at, "BFbzhVhajljnVCqYivKQ0oYkzSCeITx5NT/MXbG33gE="},
		{own, api + "delegate" + session + request, at, "R1cCJo5D4jC0ypBT9Dmcy1jzUZU6cnYrRmvb88EKZKs="},
		{own, api + "authorization" + session + "/060615A9131" + request, at, "Z+Z2AAOyfsvGPkI0d02tcdwX3r/RWxyZk1mGVTV4eaQ="},
		{
			own, api + "authorization" + session + "/150852-998R" + request +
				"&issues=http%3A%2F%2Fvaltuusrekisteri.suomi.fi%2Fterveydenhuollon_asioiden_hoito", at,
			"uKRjBqNZDOfvW62BRMU60tXYDqptZjtPvsAaf3bJpIc=",
		},
		{own, api + "authorizationlist" + session + "/150852-998R" + request, at, "SZz4d0oIB/ByGosgvR6spQ5xSDvTwyKC+ye7tUk3Onc="},
		{own, "/service/hpa/user/register/a1b2c3d4/290296+9026" + request, at, "fHNmdtZ23Xt/Uyk8MUzBRKNeX+DS8VN6WcsM5P7qcyI="},
		{
			own, api + "authorization" + session + "/010399+900M" + request + "&issues=http%3A%2F%2Fvaltuusrekisteri.suomi.fi%2Fkokeilun_sosiaaliasiat", at,
			"QjfFuZoWK6DN9Xk85zaCnt29QzFvU+xLkIavQozShcM=",
		},
	} {
		if got := checksum(c.key, c.target, c.at); got != c.want {
			t.Errorf("%s at %s: got %s, want %s", c.target, c.at, got, c.want)
		}
	}
}

func TestASignatureHasThreeWordsAndTheTimeInUTC(t *testing.T) {
	at := time.Date(2026, 1, 15, 12, 29, 42, 999, time.FixedZone("", 2*60*60))
	got := signature("a1b2c3d4", "5f0c2b1e-0000-4000-8000-9d3e7a61c0de",
		"/service/hpa/user/register/a1b2c3d4/241285-9015?requestId=7d9f3a52-4c1e-4b8a-9f60-2a1b3c4d5e6f", at)
	want := "a1b2c3d4 2026-01-15T10:29:42Z BFbzhVhajljnVCqYivKQ0oYkzSCeITx5NT/MXbG33gE="
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBasicCredentialsAreNotEscaped(t *testing.T) {
	raw := "a1b2c3d4:p+/ %=&ä:"
	got, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(basic("a1b2c3d4", "p+/ %=&ä:"), "Basic "))
	if err != nil || string(got) != raw {
		t.Errorf("got %q, %v", got, err)
	}
}
