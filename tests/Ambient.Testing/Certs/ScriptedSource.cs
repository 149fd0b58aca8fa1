using System.Threading.Channels;
using Ambient.Certs;
using Ambient.Mesh.Identities;

namespace Ambient.Testing.Certs;

/// <summary>A certificate source whose fetches end when the test says so, and how.</summary>
public sealed class ScriptedSource : ICertificateSource
{
    private readonly Channel<Fetch> _fetches = Channel.CreateUnbounded<Fetch>();
    private int _count;

    /// <summary>Fetches begun so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public async ValueTask<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation)
    {
        var fetch = new Fetch(identity);
        Interlocked.Increment(ref _count);
        _fetches.Writer.TryWrite(fetch);
        return await fetch.Outcome.Task.WaitAsync(cancellation);
    }

    /// <summary>The next fetch, once it has begun; fails the test when none begins.</summary>
    public async Task<Fetch> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _fetches.Reader.ReadAsync(limit.Token);
    }

    public sealed class Fetch(SpiffeId identity)
    {
        public SpiffeId Identity { get; } = identity;

        internal TaskCompletionSource<WorkloadCertificate> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Succeed(WorkloadCertificate certificate) => Outcome.SetResult(certificate);

        public void Fail(string reason) => Outcome.SetException(new CertificateFetchException(reason));
    }
}
