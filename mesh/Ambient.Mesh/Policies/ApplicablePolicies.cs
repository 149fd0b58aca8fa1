using System.Collections.Immutable;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Policies;

/// <summary>
/// The policies that apply to a workload, in the order in which they are judged (node-proxy 4.2): those of its namespace, the global ones,
/// those it names. Enumerated where the snapshot keeps them, since a namespace may have ten thousand and a connection must not copy them.
/// </summary>
internal readonly ref struct ApplicablePolicies
{
    private readonly MeshSnapshot _snapshot;
    private readonly ReadOnlySpan<AuthorizationPolicy> _ofNamespace;
    private readonly ReadOnlySpan<AuthorizationPolicy> _global;
    private readonly ImmutableArray<string> _named;

    public ApplicablePolicies(MeshSnapshot snapshot, Workload destination)
    {
        _snapshot = snapshot;
        // The empty name stands for the global policies.
        _ofNamespace = destination.Namespace.Length > 0 ? snapshot.PoliciesOfNamespace(destination.Namespace) : [];
        _global = snapshot.PoliciesOfNamespace(string.Empty);
        _named = destination.AuthorizationPolicies;
    }

    public Enumerator GetEnumerator() => new(this);

    internal ref struct Enumerator(ApplicablePolicies policies)
    {
        private readonly ApplicablePolicies _policies = policies;
        private ReadOnlySpan<AuthorizationPolicy> _rest = policies._ofNamespace;
        private bool _isGlobalTaken;
        private int _nextNamed;

        public AuthorizationPolicy Current { get; private set; } = null!;

        public bool MoveNext()
        {
            if (_rest.IsEmpty && !_isGlobalTaken)
            {
                _isGlobalTaken = true;
                _rest = _policies._global;
            }

            if (_rest.IsEmpty)
            {
                return MoveToNamed();
            }

            Current = _rest[0];
            _rest = _rest[1..];
            return true;
        }

        /// <summary>A named policy that is not known is skipped.</summary>
        private bool MoveToNamed()
        {
            while (_nextNamed < _policies._named.Length)
            {
                if (_policies._snapshot.FindPolicy(_policies._named[_nextNamed++]) is { } policy)
                {
                    Current = policy;
                    return true;
                }
            }

            return false;
        }
    }
}
