using System.Reflection;
using System.Reflection.Emit;
using Ambient.Bench.Footing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ambient.UnitTests.Bench;

public sealed class BuildCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-build-check").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_debug_build_is_refused_by_name()
    {
        Compile("Ambient.Hbone", OptimizationLevel.Release);
        Compile("Ambient.Tls", OptimizationLevel.Debug);

        UnequalFootingException refusal = Assert.Throws<UnequalFootingException>(() => BuildCheck.EnsureRelease(_folder));

        Assert.Contains("Ambient.Tls.dll is a debug build", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_builds_pass_and_libraries_of_others_are_not_judged()
    {
        Compile("Ambient.Hbone", OptimizationLevel.Release);
        Compile("YamlDotNet", OptimizationLevel.Debug);

        BuildCheck.EnsureRelease(_folder);
    }

    [Fact]
    public void An_assembly_that_lost_the_attribute_to_a_trimmer_is_refused()
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName("Ambient.Hbone"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Ambient.Hbone");
        assembly.Save(Path.Combine(_folder, "Ambient.Hbone.dll"));

        UnequalFootingException refusal = Assert.Throws<UnequalFootingException>(() => BuildCheck.EnsureRelease(_folder));

        Assert.Contains("does not say whether it was optimised", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_anything_to_check_is_refused() => Assert.Throws<UnequalFootingException>(() => BuildCheck.EnsureRelease(_folder));

    private void Compile(string name, OptimizationLevel level)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText("public static class Subject { public static int One() => 1; }")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level));
        Assert.True(compilation.Emit(Path.Combine(_folder, name + ".dll")).Success);
    }
}
