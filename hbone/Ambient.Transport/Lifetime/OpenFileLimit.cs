namespace Ambient.Transport.Lifetime;

/// <summary>RLIMIT_NOFILE: the soft limit as it was, and as it is now.</summary>
public readonly record struct OpenFileLimit(ulong Before, ulong Now);
