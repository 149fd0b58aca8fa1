using System.Collections.Concurrent;

namespace Ambient.Certs.Revocation;

/// <summary>One object for each issuer in use. A full table starts afresh: that costs memory for a while, never a wrong answer.</summary>
internal sealed class IssuerTable
{
    private const int MaxIssuers = 1024;

    private readonly ConcurrentDictionary<IssuerKey, IssuerKey> _known = new();

    public IssuerKey Intern(IssuerKey issuer)
    {
        if (_known.Count >= MaxIssuers)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(issuer, issuer);
    }
}
