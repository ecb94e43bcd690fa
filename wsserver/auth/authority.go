package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cuewire/app"
)

// AuthorityFile is the file in the data folder that holds the local authority's key
// and certificate, mode 0600.
const AuthorityFile = "authority.pem"

// How long certificates are good.
const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 397 * 24 * time.Hour // browsers take 398 days at most, backdated included
	backdated     = 24 * time.Hour       // other clocks may be behind
	RenewBefore   = 30 * 24 * time.Hour  // that a certificate ends
)

// Authority is this Cuewire's own certificate authority. It can vouch for names and
// addresses of local networks alone: its certificate says so, and browsers hold it to
// that, so that who trusts it trusts nobody about the rest of the internet.
type Authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// localNetworks are the addresses that the authority may vouch for.
var localNetworks = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

// localNames are the domains that it may vouch for.
var localNames = []string{"localhost", "local"}

// OpenAuthority reads the authority from the data folder, or makes one if there is
// none, or if the one there is has come to its end. The error is an *app.Error.
func OpenAuthority(dir, computer string, now time.Time) (*Authority, error) {
	path := filepath.Join(dir, AuthorityFile)
	text, err := os.ReadFile(path)
	var a *Authority
	if err == nil {
		a, err = readAuthority(text)
	}
	if errors.Is(err, fs.ErrNotExist) || err == nil && now.Add(leafLife).After(a.certificate.NotAfter) {
		a, err = makeAuthority(path, computer, now)
	}
	if err != nil {
		return nil, &app.Error{
			Code: app.CodeUnavailable, Key: "https.authority", Args: map[string]any{"File": path}, Err: err,
			Message: "The local certificate authority cannot be used: " + path + ". Make it readable, or move it away; devices must then trust the new one.",
		}
	}
	return a, nil
}

func readAuthority(text []byte) (*Authority, error) {
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("it holds no authority")
	}
	return &Authority{pair.Leaf, key}, nil
}

// makeAuthority writes a new one; the file is whole or not there.
func makeAuthority(path, computer string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	name := "Cuewire"
	if computer != "" {
		name += " on " + computer
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name, Organization: []string{"Cuewire local authority"}},
		NotBefore: now.Add(-backdated), NotAfter: now.Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: localNames,
	}
	for _, network := range localNetworks {
		template.PermittedIPRanges = append(template.PermittedIPRanges, &net.IPNet{
			IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen()),
		})
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return nil, err
	}
	return readAuthority(text)
}

// serial returns a random serial number of 127 bits.
func serial() *big.Int {
	var bytes [16]byte
	_, _ = rand.Read(bytes[:]) // never fails
	bytes[0] &= 0x7f
	return new(big.Int).SetBytes(bytes[:])
}

// DER returns the authority's certificate, for devices to trust.
func (a *Authority) DER() []byte { return a.certificate.Raw }

// Name returns what lists of certificates call it.
func (a *Authority) Name() string { return a.certificate.Subject.CommonName }

// Fingerprint returns the SHA-256 of the certificate as people compare it,
// "AB:CD:…".
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.certificate.Raw)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// VouchesFor reports whether the authority may vouch for a name or address.
func VouchesFor(name string) bool {
	if addr, err := netip.ParseAddr(name); err == nil {
		return slices.ContainsFunc(localNetworks, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
	}
	return slices.ContainsFunc(localNames, func(domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) })
}

// Issue makes a certificate, with a key of its own, for those of the names and
// addresses that the authority may vouch for.
func (a *Authority) Issue(names []string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Cuewire"},
		NotBefore: now.Add(-backdated), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, name := range names {
		addr, err := netip.ParseAddr(name)
		switch {
		case !VouchesFor(name):
		case err == nil:
			template.IPAddresses = append(template.IPAddresses, addr.AsSlice())
		default:
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key, Leaf: leaf}, nil
}
