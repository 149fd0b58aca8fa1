using Ambient.Grpc;

namespace Ambient.Certs.Authority;

/// <summary>
/// The channel to the authority, made anew when its roots change. When the new roots cannot be used, the old channel stays and the next
/// request tries again (node-proxy 5.1). A channel that was replaced lives until its last request is over. Thread-safe.
/// </summary>
internal sealed class AuthorityChannel(CaClientOptions options) : IDisposable
{
    /// <summary>An answer is a few kilobytes; this leaves room for a large bundle of roots.</summary>
    private const int MaxMessageBytes = IssuedChain.MaxChars + (64 * 1024);

    private readonly Lock _gate = new();
    private Channel? _current;

    /// <summary>A channel to make one request on; to be disposed after it.</summary>
    /// <exception cref="IOException">There is no channel yet and the roots cannot be read.</exception>
    /// <exception cref="InvalidDataException">There is no channel yet and the roots are no certificates.</exception>
    public Lease Rent()
    {
        lock (_gate)
        {
            long version = options.Trust.Version;
            if (_current?.Version != version)
            {
                Rebuild(version);
            }

            _current!.Users++;
            return new Lease(this, _current);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Retire();
        }
    }

    private void Rebuild(long version)
    {
        try
        {
            GrpcChannel made = new(new GrpcChannelOptions
            {
                Address = options.Address,
                Tls = options.Trust.Load(),
                MaxMessageBytes = MaxMessageBytes,
                Time = options.Time,
            });
            Retire();
            _current = new Channel(made, version);
        }
        catch (Exception failure) when (_current is not null && failure is (IOException or InvalidDataException or UnauthorizedAccessException))
        {
            options.TrustRefused?.Invoke(failure.Message);
        }
    }

    private void Retire()
    {
        if (_current is { } old)
        {
            _current = null;
            old.IsRetired = true;
            old.DisposeIfUnused();
        }
    }

    private void Return(Channel channel)
    {
        lock (_gate)
        {
            channel.Users--;
            channel.DisposeIfUnused();
        }
    }

    public readonly struct Lease(AuthorityChannel owner, Channel channel) : IDisposable
    {
        public GrpcChannel Channel => channel.Grpc;

        public void Dispose() => owner.Return(channel);
    }

    /// <summary>Guarded by the owner's gate.</summary>
    public sealed class Channel(GrpcChannel grpc, long version)
    {
        public GrpcChannel Grpc => grpc;

        public long Version => version;

        public int Users { get; set; }

        public bool IsRetired { get; set; }

        public void DisposeIfUnused()
        {
            if (IsRetired && Users == 0)
            {
                grpc.Dispose();
            }
        }
    }
}
