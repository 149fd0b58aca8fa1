namespace Ambient.Tls.Aead;

/// <summary>An implementation of AES-GCM.</summary>
internal abstract class AeadProvider
{
    /// <summary>For the start log.</summary>
    public abstract string Name { get; }

    /// <param name="key">16 bytes for AES-128, 32 for AES-256.</param>
    public abstract AeadKey CreateKey(ReadOnlySpan<byte> key);

    /// <summary>False if the native code writes more than the memory that a key gives it.</summary>
    public virtual bool KeysFitTheirMemory() => true;
}
