namespace Ambient.Certs.Revocation;

/// <summary>
/// Who signed a certificate of a verified path: name and public key together. Two authorities may share a name, so a name alone
/// says nothing about whose revocation list applies.
/// </summary>
internal sealed class IssuerKey : IEquatable<IssuerKey>
{
    private readonly int _hash;

    /// <param name="name">Subject of the issuing certificate, DER.</param>
    /// <param name="publicKey">Its SubjectPublicKeyInfo, DER.</param>
    public IssuerKey(byte[] name, byte[] publicKey)
    {
        Name = name;
        PublicKey = publicKey;
        HashCode hash = default;
        hash.AddBytes(publicKey);
        hash.AddBytes(name);
        _hash = hash.ToHashCode();
    }

    public byte[] Name { get; }

    public byte[] PublicKey { get; }

    public bool Equals(IssuerKey? other) =>
        other is not null && _hash == other._hash && PublicKey.AsSpan().SequenceEqual(other.PublicKey) && Name.AsSpan().SequenceEqual(other.Name);

    public override bool Equals(object? obj) => Equals(obj as IssuerKey);

    public override int GetHashCode() => _hash;
}
