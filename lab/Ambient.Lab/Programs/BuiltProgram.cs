namespace Ambient.Lab.Programs;

/// <summary>A program of this repository that the lab starts.</summary>
/// <param name="Name">File name.</param>
/// <param name="Project">Whose build makes it.</param>
/// <param name="Variable">Names another file in its place.</param>
/// <param name="Option">The option of commands that does so too.</param>
internal sealed record BuiltProgram(string Name, string Project, string Variable, string Option)
{
    /// <summary>The option, else the environment, else beside this program, else where a build of the repository puts it.</summary>
    /// <exception cref="LabException">None of the places has it.</exception>
    public string Find(string? option)
    {
        string? named = option ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new LabException($"There is no {Name} program at {named}.", $"Correct {Option} or {Variable}.");
        }

        string[] places = [Path.Combine(AppContext.BaseDirectory, Name), BesideOwnBuild()];
        return places.FirstOrDefault(File.Exists)
            ?? throw new LabException($"The {Name} program is in none of {string.Join(", ", places)}.", $"Build it with ./dev build, or name it with {Option} or {Variable}.");
    }

    /// <summary>artifacts/bin/PROJECT/CONFIGURATION/ holds every program of one build.</summary>
    private string BesideOwnBuild()
    {
        string own = AppContext.BaseDirectory.TrimEnd('/');
        return Path.GetFullPath(Path.Combine(own, "..", "..", Project, Path.GetFileName(own), Name));
    }
}
