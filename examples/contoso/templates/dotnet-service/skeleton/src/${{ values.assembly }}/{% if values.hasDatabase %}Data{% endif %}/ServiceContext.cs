using Microsoft.EntityFrameworkCore;

namespace ${{ values.assembly }}.Data;

/// <summary>What the service keeps.</summary>
public sealed class ServiceContext(DbContextOptions<ServiceContext> options) : DbContext(options)
{
    /// <summary>An example: replace it with what the service is about.</summary>
    public DbSet<Item> Items => Set<Item>();
    {%- if values.database == 'cosmos' %}

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Item>().ToContainer("items").HasPartitionKey(item => item.Id);
    {%- endif %}
}

/// <summary>Something with a name.</summary>
public sealed class Item
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public required string Name { get; set; }
}
