namespace Ambient.Tls.Aead;

/// <summary>The implementation in use and why.</summary>
internal sealed record AeadSelection(AeadProvider Provider, string Description)
{
    /// <summary>The fast implementation if it is there and passes the self-test, else OpenSSL.</summary>
    public static AeadSelection Choose(AeadProvider? fast, string reasonIfMissing, AeadProvider reference)
    {
        if (fast is null)
        {
            return new AeadSelection(reference, $"AES-GCM by {reference.Name}: {reasonIfMissing}");
        }

        string? defect = AeadSelfTest.Run(fast, reference);
        return defect is null
            ? new AeadSelection(fast, $"AES-GCM by {fast.Name}: installed, and its self-test passed")
            : new AeadSelection(reference, $"AES-GCM by {reference.Name}: {fast.Name} failed its self-test, {defect}");
    }
}
