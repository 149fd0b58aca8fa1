
namespace Ambient.InProcessTests.Interop;

/// <summary>A fact that runs a foreign program. Skipped with the reason where it is missing, except under CI=true, where it runs and fails.</summary>
internal sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="package">The Debian package to install.</param>
    /// <param name="paths">Files of it that must be there.</param>
    public ProgramFactAttribute(string package, params string[] paths) => Skip = ForeignProgram.SkipReasonFor(package, paths);
}
