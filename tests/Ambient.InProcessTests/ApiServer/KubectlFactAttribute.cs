using Ambient.InProcessTests.Interop;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>A fact that runs kubectl. Skipped with the reason where it is missing, except under CI=true, where it runs and fails.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = ForeignProgram.SkipReasonFor("kubernetes-client", [Kubectl.Program]);
}
