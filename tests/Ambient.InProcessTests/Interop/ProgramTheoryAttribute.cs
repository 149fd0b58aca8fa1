
namespace Ambient.InProcessTests.Interop;

/// <summary>Like <see cref="ProgramFactAttribute"/>, with data.</summary>
internal sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string package, params string[] paths) => Skip = ForeignProgram.SkipReasonFor(package, paths);
}
