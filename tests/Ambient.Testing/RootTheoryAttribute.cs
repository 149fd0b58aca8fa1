using Ambient.Testing.Namespaces;
using Xunit;

namespace Ambient.Testing;

/// <summary>A theory that needs namespaces; skipped as <see cref="RootFactAttribute"/> is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        Skip = Privilege.SkipReason;
    }
}
