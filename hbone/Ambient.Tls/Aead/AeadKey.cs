namespace Ambient.Tls.Aead;

/// <summary>
/// One expanded AES-GCM key. The 16-byte tag follows the ciphertext. Lengths are bounded by one TLS record. Not thread-safe.
/// </summary>
internal abstract unsafe class AeadKey : IDisposable
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    /// <summary>Writes <paramref name="length"/> bytes of ciphertext and the tag; the buffers must not overlap.</summary>
    public abstract void Seal(byte* nonce, byte* header, int headerLength, byte* source, int length, byte* destination);

    /// <summary>
    /// Decrypts in place. On a bad tag the buffer is wiped, so that no unauthenticated plaintext can be used even by mistake.
    /// </summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="header">The additional data.</param>
    /// <param name="headerLength">Its length.</param>
    /// <param name="data">Ciphertext, with the tag behind it.</param>
    /// <param name="length">Length of the ciphertext without the tag.</param>
    /// <returns>True if the tag is right.</returns>
    public abstract bool Open(byte* nonce, byte* header, int headerLength, byte* data, int length);

    public abstract void Dispose();
}
