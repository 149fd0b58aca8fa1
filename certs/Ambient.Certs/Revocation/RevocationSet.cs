namespace Ambient.Certs.Revocation;

/// <summary>The lists of one version of the file, found by issuer name. Immutable but for what it remembers of signatures.</summary>
internal sealed class RevocationSet
{
    private readonly Dictionary<byte[], List<RevocationList>> _byName = new(NameComparer.Instance);

    public RevocationSet(IReadOnlyList<RevocationList> lists)
    {
        foreach (RevocationList list in lists)
        {
            if (!_byName.TryGetValue(list.IssuerName, out List<RevocationList>? sameName))
            {
                _byName.Add(list.IssuerName, sameName = []);
            }

            sameName.Add(list);
            EntryCount += list.Count;
        }

        ListCount = lists.Count;
    }

    public static RevocationSet Empty { get; } = new([]);

    public int ListCount { get; }

    public int EntryCount { get; }

    /// <summary>The first revoked certificate of a path, leaf first; what no list covers is taken as good (node-proxy 5.6).</summary>
    public CertificateLink? FirstRevoked(ReadOnlySpan<CertificateLink> path)
    {
        foreach (CertificateLink certificate in path)
        {
            if (_byName.TryGetValue(certificate.Issuer.Name, out List<RevocationList>? lists))
            {
                foreach (RevocationList list in lists)
                {
                    if (list.Revokes(certificate))
                    {
                        return certificate;
                    }
                }
            }
        }

        return null;
    }

    private sealed class NameComparer : IEqualityComparer<byte[]>
    {
        public static NameComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            HashCode hash = default;
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
