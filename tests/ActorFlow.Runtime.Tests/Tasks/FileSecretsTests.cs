using System.Text;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tests.Persistence;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class FileSecretsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _mount;
    private readonly FileSecrets _secrets;

    public FileSecretsTests()
    {
        _mount = Directory.CreateDirectory(_directory.File("mount")).FullName;
        _secrets = new(_mount);
        File.WriteAllText(_directory.File("outside"), "outside");
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData("s3cret\n\n", "s3cret\n")]
    [InlineData(" s3cret ", " s3cret ")]
    [InlineData("a\nb\n", "a\nb")]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("ä😀", "ä😀")]
    public async Task A_secret_is_what_its_file_says_without_the_line_break_at_its_end(string content, string value)
    {
        Write("db-password", content);

        Assert.Equal(value, await FindAsync("db-password"));
    }

    // As Kubernetes changes a mounted secret: the link to the current version is replaced.
    [Fact]
    public async Task A_secret_that_is_changed_counts_at_once()
    {
        foreach (var version in (string[])["v1", "v2"])
        {
            Directory.CreateDirectory(Path.Combine(_mount, version));
            File.WriteAllText(Path.Combine(_mount, version, "token"), version);
        }

        Directory.CreateSymbolicLink(Path.Combine(_mount, "..data"), "v1");
        File.CreateSymbolicLink(Path.Combine(_mount, "token"), Path.Combine("..data", "token"));
        Assert.Equal("v1", await FindAsync("token"));

        Directory.Delete(Path.Combine(_mount, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_mount, "..data"), "v2");

        Assert.Equal("v2", await FindAsync("token"));
        Assert.Null(await FindAsync("..data"));
        Assert.Null(await FindAsync("v1"));
    }

    public static TheoryData<string> Names => new()
    {
        "../outside", "..", ".", "", "/etc/hostname", "a/../../outside", "..\\outside", "outside\0", ".hidden", "a b", "ä", "mount/../../outside", new string('a', 254), "missing",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_no_name_of_a_file_in_the_directory_is_not_found(string name)
    {
        Write(".hidden", "hidden");

        Assert.Null(await FindAsync(name));
    }

    [Fact]
    public async Task A_file_that_is_no_text_or_too_large_fails_the_attempt_without_telling_it()
    {
        File.WriteAllBytes(Path.Combine(_mount, "binary"), [(byte)'x', 0xFF]);
        Write("large", new string('x', FileSecrets.Largest + 1));
        Write("largest", new string('x', FileSecrets.Largest));

        var binary = await Assert.ThrowsAsync<TaskFailure>(() => FindAsync("binary"));
        var large = await Assert.ThrowsAsync<TaskFailure>(() => FindAsync("large"));

        Assert.Equal((FileSecrets.Unreadable, FileSecrets.Unreadable), (binary.Type, large.Type));
        Assert.Equal("The file of the secret 'binary' is not UTF-8 text.", binary.Message);
        Assert.DoesNotContain("xx", large.Message, StringComparison.Ordinal);
        Assert.Equal(FileSecrets.Largest, (await FindAsync("largest"))!.Length);
    }

    [Fact]
    public async Task A_file_that_does_not_know_its_length_is_read_to_its_end()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        File.CreateSymbolicLink(Path.Combine(_mount, "limits"), "/proc/self/limits");
        File.CreateSymbolicLink(Path.Combine(_mount, "endless"), "/dev/zero");

        Assert.Equal(File.ReadAllText("/proc/self/limits").TrimEnd('\n'), await FindAsync("limits"));
        Assert.Equal(FileSecrets.Unreadable, (await Assert.ThrowsAsync<TaskFailure>(() => FindAsync("endless"))).Type);
    }

    [Fact]
    public async Task A_directory_that_is_gone_knows_no_secret()
    {
        Directory.Delete(_mount, recursive: true);

        Assert.Null(await FindAsync("token"));
    }

    [Fact]
    public async Task A_file_counts_before_the_environment_and_the_environment_for_what_is_no_file()
    {
        Write("token", "of the file");
        var sources = new SecretSources(_secrets, new FakeSecrets(("token", "of the environment"), ("other", "other")));

        Assert.Equal("of the file", await sources.FindAsync("token", default));
        Assert.Equal("other", await sources.FindAsync("other", default));
        Assert.Null(await sources.FindAsync("none", default));
        Assert.IsType<EnvironmentSecrets>(SecretSources.Of(new()));
        Assert.Equal("of the file", await SecretSources.Of(new() { SecretsDirectory = _mount }).FindAsync("token", default));
    }

    private void Write(string name, string content) => File.WriteAllBytes(Path.Combine(_mount, name), Encoding.UTF8.GetBytes(content));

    private async Task<string?> FindAsync(string name) => await _secrets.FindAsync(name, default);
}
