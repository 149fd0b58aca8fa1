using Ambient.Testing.Namespaces;
using Xunit;

namespace Ambient.Testing;

/// <summary>A fact that needs namespaces. Skipped with the reason without the privilege, except under CI=true, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        Skip = Privilege.SkipReason;
    }
}
